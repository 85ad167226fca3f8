import { describe, expect, test } from '@jest/globals';
import { ansi, plain } from '../../src/report/terminal/palette.ts';
import { columns } from '../../src/report/terminal/layout.ts';
import { terminalReport } from '../../src/report/terminal/report.ts';
import { proofWords } from '../../src/report/terminal/proof.ts';
import { captured, lookups, namedPod, row } from '../checks/evidence.ts';
import { expectGolden } from './golden.ts';
import { deadForward, finding, readings, report } from './made.ts';

const facts = deadForward();
const dead = finding({
  title:
    'CoreDNS forwards to 192.0.2.1, which does not answer: amazon.com. fails at every CoreDNS pod that was asked, names of the cluster work',
  proof: [
    { reading: 'lookups', pointer: `/rows/${facts.lookups.rows.findIndex((one) => one.role === 'external')}` },
    { reading: 'coredns-logs', pointer: '/pods/0/classes/0' },
    { reading: 'corefile', pointer: '/servers/0/directives/5' },
    { reading: 'coredns-workload', pointer: '/image' },
    { reading: 'coredns-workload', pointer: '/labels' },
    { reading: 'coredns-pods', pointer: '/items/1/container' },
    { reading: 'nodes', pointer: '/items/9' },
  ],
  next: [
    'Correct the forward line: kubectl -n kube-system edit configmap coredns',
    `Or put it right at once: kubectl -n kube-system patch deployment coredns --type=json -p '[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "x"}]' --dry-run=server`,
  ],
  remedies: [{ id: 'restore-corefile', params: {} }],
});
const explained = finding({
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
const broken = report({
  verdict: { status: 'broken', cause: dead.code, causes: [dead.code], sentence: dead.title },
  findings: [dead, explained, info],
});

const linesOf = (text: string): string[] => text.trimEnd().split('\n');
// oxlint-disable-next-line no-control-regex
const uncoloured = (text: string): string => text.replace(/\u001b\[(?:1|2|22|31|32|33|36|39)m/g, '');

describe('a report on the terminal', () => {
  test('says the verdict first, then the cause with its proof and what to do', () => {
    expectGolden('broken', terminalReport(broken, readings(facts), { width: 100, palette: plain }));
  });

  test('proves what was captured by the way, and by packets as Wireshark numbers them', () => {
    const capture = captured(({ via }) => ({ droppedInPod: via === 'b' }));
    const way = capture.ways.findIndex(({ server }) => server.label === 'kube-system/coredns-b');
    const telling = { readings: readings({ capture }), startedAt: '', short: (node: string) => node };
    expect(proofWords({ reading: 'capture', pointer: `/ways/${way}` }, telling)).toBe(
      'capture: All 20 requests from probe pod on node-a (10.244.1.10) to kube-system/coredns-b (10.244.2.3) arrived at kube-system/coredns-b, ' +
        'and no answer left it: it is dropped inside that pod, or CoreDNS does not read it. (query 5 at c1, query 1 at s2)',
    );
  });

  test('of a healthy cluster is short', () => {
    expectGolden('healthy', terminalReport(report(), readings(), { width: 100, palette: plain }));
  });

  test('says what could not be looked at, by reason, with the rule that would allow it', () => {
    const allow = '- {apiGroups: [""], resources: [pods], verbs: [list]}';
    const message = 'user "ada" may not list pods of the core API group in namespace kube-system';
    const blind = report({
      verdict: {
        status: 'unknown',
        cause: null,
        causes: [],
        sentence: `No fault was found, but too little could be looked at: ${message}`,
      },
      readings: [
        { id: 'coredns-pods', status: 'failed', durationMs: 4, reason: 'forbidden', message, allow },
        { id: 'kube-proxy', status: 'failed', durationMs: 4, reason: 'forbidden', message, allow },
        {
          id: 'coredns-metrics',
          status: 'failed',
          durationMs: 0,
          reason: 'skipped',
          message: 'the CoreDNS pods could not be read',
          allow: null,
        },
        { id: 'nodes', status: 'ok', durationMs: 4, reason: null, message: null, allow: null },
      ],
      checks: [
        { id: 'coredns-no-pods', status: 'unknown', reason: `coredns-pods: ${message}` },
        { id: 'upstream-slow', status: 'unknown', reason: 'no name of the world came through CoreDNS' },
      ],
    });
    expectGolden(
      'unknown',
      terminalReport(
        blind,
        readings({
          lookups: lookups([], {
            failures: [{ node: 'node-b', reason: 'error', message: 'the probe pod did not start: ImagePullBackOff' }],
          }),
          pod: namedPod({ notes: ['no shell in container app'] }),
        }),
        { width: 100, palette: plain },
      ),
    );
  });

  test('groups the findings of one code, and counts what is left of many', () => {
    const many = Array.from({ length: 9 }, (_, index) =>
      finding({
        code: 'node-notready',
        severity: 'high',
        subject: { kind: 'Node', name: `node-${index}` },
        title: `Node node-${index} is not ready`,
        next: ['See what the node says'],
      }),
    );
    const text = terminalReport(
      report({
        verdict: {
          status: 'degraded',
          cause: 'node-notready',
          causes: ['node-notready'],
          sentence: 'Node node-0 is not ready; and 8 more causes',
        },
        findings: many,
      }),
      {},
      { width: 100, palette: plain },
    );
    expect(text.match(/Node node-\d is not ready/g)).toHaveLength(5);
    expect(text).toContain('and 5 more of this kind');
    expect(text.match(/See what the node says/g)).toHaveLength(1);
  });

  test.each([80, 100, 120])('keeps within %d columns', (width) => {
    const text = terminalReport(broken, readings(facts), { width, palette: plain });
    // a command is broken only between its arguments
    const long = linesOf(text).filter((line) => columns(line) > width && !/^\s+-p '/.test(line));
    expect(long).toEqual([]);
  });

  test('is the same with colours, but for the colours', () => {
    const style = { width: 100, palette: plain };
    expect(uncoloured(terminalReport(broken, readings(facts), { width: 100, palette: ansi }))).toBe(
      terminalReport(broken, readings(facts), style),
    );
  });
});

describe('hostile text', () => {
  const evil = '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n\u202e\u2066x\u0000\u0008\u{e0041}\ud800';
  const nasty = {
    name: evil,
    rcodes: { [evil]: 5 },
    server: evil,
    serverPod: evil,
    serverNode: evil,
    answers: [evil],
    from: { node: evil, pod: evil, how: 'exec' as const },
  };
  const bad = finding({
    code: 'x',
    subject: { kind: evil, namespace: evil, name: evil },
    title: evil,
    next: [evil, `Do: kubectl ${evil}`],
    proof: [
      { reading: 'lookups', pointer: '/rows/0' },
      { reading: 'a', pointer: '/x' },
      { reading: evil, pointer: `/${evil}` },
    ],
    remedies: [{ id: 'x', params: {} }],
  });
  const hostile = report({
    run: { ...report().run, cluster: evil },
    verdict: { status: 'broken', cause: 'x', causes: ['x'], sentence: evil },
    findings: [bad, { ...bad, severity: 'info' }],
    readings: [{ id: 'rbac', status: 'failed', durationMs: 1, reason: 'error', message: evil, allow: evil }],
    checks: [{ id: 'y', status: 'unknown', reason: evil }],
  });
  const data: Parameters<typeof terminalReport>[1] = {
    ...readings({
      lookups: lookups([row(nasty), row({ ...nasty, role: 'asked' })], {
        sources: [{ ...nasty.from, dnsPolicy: evil, resolvConf: null }],
        failures: [{ node: evil, reason: evil, message: evil }],
      }),
      pod: namedPod({ notes: [evil] }),
    }),
    a: { status: 'ok', data: { x: { [evil]: evil } } },
  };

  test.each([plain, ansi])('does not reach the terminal', (palette) => {
    const text = uncoloured(terminalReport(hostile, data, { width: 80, palette }));
    // oxlint-disable-next-line no-control-regex
    expect(text.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u{e0000}-\u{e007f}]/gu)).toBeNull();
    expect(text.isWellFormed()).toBe(true);
  });

  test('of a megabyte costs neither the screen nor the time', () => {
    const long = 'x'.repeat(1_000_000);
    const huge = report({
      verdict: { status: 'broken', cause: 'x', causes: ['x'], sentence: long },
      findings: [finding({ code: 'x', title: long, next: [long], proof: [{ reading: 'a', pointer: '/x' }] })],
    });
    const text = terminalReport(huge, { a: { status: 'ok', data: { x: long } } }, { width: 100, palette: plain });
    expect(text.length).toBeLessThan(10_000);
  });
});
