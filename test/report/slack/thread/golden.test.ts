import { describe, expect, test } from '@jest/globals';
import type { Report } from '../../../../src/domain/report.ts';
import { threadOf } from '../../../../src/report/slack/thread.ts';
import { expectGolden } from '../../golden.ts';
import { deadForward, finding, readings, report } from '../../made.ts';
import { lookups, namedPod } from '../../../checks/evidence.ts';
import { lives } from '../../orders.ts';
import { faultsOf } from '../faults.ts';
import { ordered, orderMessages } from '../ordered.ts';
import { at, done, inChannel } from '../made.ts';
import { shownThread, spoken } from '../shown.ts';

const facts = deadForward();
const dead = finding({
  title:
    'CoreDNS forwards to 192.0.2.1, which does not answer: amazon.com. fails at every CoreDNS pod that was asked, names of the cluster work',
  proof: [
    { reading: 'lookups', pointer: `/rows/${facts.lookups.rows.findIndex((one) => one.role === 'external')}` },
    { reading: 'coredns-logs', pointer: '/pods/0/classes/0' },
    { reading: 'corefile', pointer: '/servers/0/directives/5' },
  ],
  next: [
    'See where it forwards to: kubectl -n kube-system get configmap coredns -o yaml',
    'Correct the forward line: kubectl -n kube-system edit configmap coredns',
    'If it is right, see why 192.0.2.1 is not reached from the CoreDNS nodes on port 53',
  ],
  remedies: [{ id: 'restore-corefile', params: {} }],
});
const servfail = finding({
  code: 'upstream-servfail',
  severity: 'high',
  explainedBy: dead.code,
  title: 'The upstream answers SERVFAIL for names that exist',
});
const info = finding({
  code: 'corefile-reload-plugin-absent',
  severity: 'info',
  title: 'The Corefile has no reload plugin: an edit takes effect at the next restart',
  next: ['Add it: kubectl -n kube-system edit configmap coredns'],
});
const message = 'user "ada" may not list pods of the core API group in namespace kube-system';
const allow = '- {apiGroups: [""], resources: [pods], verbs: [list]}';

const cases: Record<string, { report: Report; readings: ReturnType<typeof readings> }> = {
  broken: {
    report: report({
      verdict: { status: 'broken', cause: dead.code, causes: [dead.code], sentence: dead.title },
      findings: [dead, servfail, info],
    }),
    readings: readings(facts),
  },
  healthy: { report: report(), readings: readings() },
  unknown: {
    report: report({
      verdict: {
        status: 'unknown',
        cause: null,
        causes: [],
        sentence: `No fault was found, but too little could be looked at: ${message}`,
      },
      readings: [
        { id: 'coredns-pods', status: 'failed', durationMs: 4, reason: 'forbidden', message, allow },
        { id: 'kube-proxy', status: 'failed', durationMs: 4, reason: 'forbidden', message, allow },
      ],
      checks: [{ id: 'coredns-no-pods', status: 'unknown', reason: `coredns-pods: ${message}` }],
    }),
    readings: readings({
      lookups: lookups([], { failures: [{ node: 'node-b', reason: 'error', message: 'the probe pod did not start: ImagePullBackOff' }] }),
      pod: namedPod({ notes: ['no shell in container app'] }),
    }),
  },
};

describe.each(Object.entries(cases))('a %s cluster', (name, { report: judged, readings: read }) => {
  const thread = threadOf(done(judged, read), inChannel, { workers: 1, now: at });

  test('is told so that somebody woken at night sees what is wrong, where, how it is known, and what to do', () => {
    expectGolden(`../slack/golden/${name}`, shownThread(thread));
    expect(thread.flatMap(faultsOf)).toEqual([]);
  });

  test('is told as fully to those who only get the text', () => {
    expectGolden(`../slack/golden/${name}-text`, spoken(thread));
  });
});

describe('an order', () => {
  const told = ['proposed', 'requested', 'running', 'fixed', 'no change', 'failed', 'logged'];

  test.each(told)('that is %s is told as fully to those who only get the text', (name) => {
    const messages = orderMessages(ordered([lives[name]!]));
    expectGolden(`../slack/golden/order-${name.replaceAll(' ', '-')}-text`, spoken(messages));
    expect(messages.flatMap(faultsOf)).toEqual([]);
  });
});
