import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { appliedStatus, undoneStatus } from '../../src/cli/change-status.ts';
import { sameCluster } from '../../src/cli/local/pinned.ts';
import { terminalBy, terminalPolicy, terminalUser } from '../../src/cli/local/policy.ts';
import { gates, needReason } from '../../src/cli/remedy-gates.ts';
import { knownRemedy, param, wishFor } from '../../src/cli/remedy-wish.ts';
import type { ActResult } from '../../src/domain/plan.ts';
import type { ChangeState } from '../../src/domain/change.ts';
import type { AnyRemedy } from '../../src/remedies/remedy.ts';
import { NOW, order, result, target, USER } from './local/made.ts';

const scale = {
  id: 'scale-coredns',
  risk: 'disruptive',
  params: z.object({ replicas: z.coerce.number().int().min(2).max(10).optional() }),
  paramHelp: { replicas: 'how many pods there are to be' },
} as unknown as AnyRemedy;
const remove = {
  ...scale,
  id: 'delete-coredns-pod',
  params: z.object({ pod: z.string() }),
  paramHelp: { pod: 'the pod, by name' },
} as AnyRemedy;

describe('what is typed for a remedy', () => {
  test('is read key by key', () => {
    expect(param('text=a=b', param('replicas=3'))).toEqual({ replicas: '3', text: 'a=b' });
    expect(() => param('replicas')).toThrow('expected KEY=VALUE');
    expect(() => param('=3')).toThrow('expected KEY=VALUE');
    expect(() => param('replicas=4', { replicas: '3' })).toThrow('replicas is given twice');
  });

  test('is looked at before a cluster is asked', () => {
    expect(wishFor(scale, { replicas: '3' })).toEqual({ id: 'scale-coredns', params: { replicas: '3' } });
    expect(wishFor(scale, {})).toEqual({ id: 'scale-coredns', params: {} });
    expect(() => wishFor(scale, { replicas: 'many' })).toThrow(/--param replicas: .*scale-coredns takes:\n {2}replicas: how many/s);
    expect(() => wishFor(scale, { pods: '3' })).toThrow('"pods" is none of its parameters');
  });

  test('may be left out where a finding says it', () => {
    expect(wishFor(remove, {})).toBeNull();
  });

  test('is a remedy, or like one', () => {
    expect(knownRemedy('Scale-CoreDNS', [scale, remove])).toBe(scale);
    expect(() => knownRemedy('scale-cordns', [scale, remove])).toThrow('did you mean scale-coredns?');
    expect(() => knownRemedy('qqq', [scale, remove])).toThrow('dns-medic remedies lists them');
  });
});

describe('the gates at a terminal', () => {
  const at = (marks: Parameters<typeof target>[0], policy: Parameters<typeof terminalPolicy>[1] = null) =>
    gates(terminalPolicy(target(marks), policy, USER), terminalBy(USER), 'cluster-a', scale, NOW);

  test('are open where nothing is said', () => {
    expect(at({})).toMatchObject({ barred: null, terms: { people: 1, reason: false, typeName: false } });
  });

  test('ask for a reason and the name in production', () => {
    const { terms, barred } = at({ environment: 'production' });
    expect([terms.reason, terms.typeName, barred]).toEqual([true, true, null]);
    expect(() => needReason(terms, ' ')).toThrow('--reason TEXT');
    expect(() => needReason(terms, 'it burns')).not.toThrow();
    expect(() => needReason(at({}).terms, undefined)).not.toThrow();
  });

  test('are closed in a read-only cluster, whatever the policy says of people', () => {
    expect(at({ readOnly: true }).barred).toBe('Nothing may be changed in cluster-a: it is read-only in dns-medic.yaml.');
  });

  test('are closed while changes rest, for the remedies and clusters that rest', () => {
    const freeze = [{ from: 0, to: NOW + 60_000, says: 'launch' }];
    const rule = { clusters: ['cluster-*'], environments: null, remedies: null, people: 2, reason: null, typeName: null, by: null, freeze };
    expect(at({}, { team: 'T1', rules: [], changes: [rule] }).barred).toContain('Changes rest now: launch.');
    expect(at({}, { team: 'T1', rules: [], changes: [{ ...rule, clusters: ['prod-*'] }] }).barred).toBeNull();
  });

  test('know who sits there', () => {
    expect(terminalUser({})).toMatch(/^.+@.+/);
    expect(terminalUser({ SUDO_USER: 'somebody-else' })).toMatch(/ \(somebody-else\)$/);
  });
});

describe('the cluster of an order', () => {
  const pin = (uid: string | null) => ({ target: target(), uid });

  test('is known by its uid, however it is called now', () => {
    expect(() => sameCluster(order(), pin('uid-a'))).not.toThrow();
    expect(() => sameCluster(order(), pin('uid-b'))).toThrow('cluster-a is another cluster than the one that order 0123456789 changed');
    expect(() => sameCluster(order(), pin(null))).toThrow('cannot be told');
  });

  test('is taken as it is where no uid was known then', () => {
    const before = order();
    expect(() => sameCluster({ ...before, cluster: { ...before.cluster, uid: null } }, pin('uid-b'))).not.toThrow();
  });
});

describe('the exit status', () => {
  test.each<[number, ChangeState, Partial<ActResult> | null]>([
    [0, 'done', {}],
    [0, 'done', { proof: 'none' }],
    [1, 'done', { proof: 'no-change' }],
    [1, 'done', { proof: 'another' }],
    [2, 'done', { proof: 'worse' }],
    [2, 'done', { outcome: 'unverified', proof: 'unknown' }],
    [2, 'done', { outcome: 'stopped' }],
    [1, 'refused', null],
    [1, 'refused', { outcome: 'refused' }],
    [2, 'failed', { outcome: 'failed' }],
    [2, 'failed', { outcome: 'refused', undoable: true }],
  ])('is %d for %s with %j', (status, state, came) => {
    expect(appliedStatus({ state, result: came === null ? null : result(came) })).toBe(status);
  });

  test.each<[number, ChangeState, Partial<ActResult>]>([
    [0, 'undone', { proof: 'worse' }],
    [2, 'undone', { outcome: 'unverified' }],
    [1, 'done', { outcome: 'refused' }],
    [2, 'done', { outcome: 'failed' }],
  ])('of an undo is %d for %s with %j', (status, state, came) => {
    expect(undoneStatus({ state, undoResult: result(came) })).toBe(status);
  });
});
