import { captured } from './captures.ts';
import type { Approval, Change, ChangeTerms } from '../../src/domain/change.ts';
import { newChange } from '../../src/domain/change.ts';
import type { ActResult, NoPlan, Plan, QuerySummary, Sight } from '../../src/domain/plan.ts';

/** 2026-11-23 02:03:11 UTC: when plans are made. */
export const madeAt = Date.UTC(2026, 10, 23, 2, 3, 11);
const minute = 60_000;

export const plan = (over: Partial<Plan> = {}): Plan => ({
  remedy: 'restore-corefile',
  params: {},
  cluster: 'cluster-a',
  summary: 'Put the Corefile back to the text that worked until 2026-11-23 01:55 UTC',
  risk: 'safe',
  helps: null,
  warnings: [],
  objects: [
    {
      object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' },
      does: 'change',
      diff: ['  .:53 {', '      kubernetes cluster.local', '-     forward . 192.0.2.1', '+     forward . /etc/resolv.conf', '  }'],
      owner: null,
    },
  ],
  pods: [],
  undo: 'The text that stands there now is written back, byte for byte, unless somebody else has changed it since',
  endsAfterMs: null,
  proves: ['corefile-forward-unreachable'],
  effect: { withinMs: 90_000, why: 'the kubelets bring the ConfigMap to the pods, and CoreDNS looks at it every 30 s' },
  data: { texts: ['secret to people'] },
  madeAt,
  ...over,
});

export const restartPlan = (over: Partial<Plan> = {}): Plan =>
  plan({
    remedy: 'restart-coredns',
    summary: 'Restart the 2 CoreDNS pods, one at a time',
    risk: 'disruptive',
    helps: 'It helps here: both pods still run the Corefile from before the edit, and the reload plugin is absent',
    warnings: ['Lookups that are on their way to a pod when it stops may be asked again by the client, 5 s later'],
    objects: [],
    pods: [
      { namespace: 'kube-system', name: 'coredns-758f4459b8-754pp', uid: 'a', node: 'ip-10-0-1-7' },
      { namespace: 'kube-system', name: 'coredns-758f4459b8-x5n7f', uid: 'b', node: 'ip-10-0-2-9' },
    ],
    undo: null,
    proves: ['corefile-reload-plugin-absent'],
    effect: { withinMs: 60_000, why: 'a new pod is ready within some seconds' },
    ...over,
  });

export const logPlan = (over: Partial<Plan> = {}): Plan =>
  plan({
    remedy: 'enable-query-log',
    summary: 'Log queries that are denied or fail for 15 minutes',
    params: { minutes: 15 },
    objects: [{ ...plan().objects[0]!, diff: ['  .:53 {', '+     log . {', '+         class denial error', '+     }', '  }'] }],
    undo: 'The three lines of the log plugin are taken out again',
    endsAfterMs: 15 * minute,
    proves: [],
    effect: { withinMs: 90_000, why: 'CoreDNS looks at its Corefile every 30 s' },
    ...over,
  });

export const person = (user: string): Approval['person'] => ({
  ...{ user, team: 'T0HOME', isBot: false, isDeleted: false, isGuest: false, isStranger: false, groups: ['S0SRE'] },
});

export const yes = (user: string, after: number): Approval => ({ person: person(user), channel: 'C0INCIDENT', at: madeAt + after });

/** An order as it was proposed; tests move it on. */
export const change = (over: Partial<Change> = {}): Change => ({
  ...newChange({ id: '1a2b3c4d5e6f708192a3b4c5d6e7f809', plan: plan(), digest: 'd1'.repeat(32) }),
  ...over,
});

export const terms = (over: Partial<ChangeTerms> = {}): ChangeTerms => ({
  people: 2,
  reason: false,
  typeName: false,
  readOnly: false,
  frozen: null,
  mayApprove: { users: ['U0BEN'], groups: ['S0SRE'], channels: ['any'] },
  ...over,
});

export const sight = (over: Partial<Sight> = {}): Sight => ({
  at: madeAt + 5 * minute,
  status: 'broken',
  causes: ['corefile-forward-unreachable'],
  checks: { 'corefile-forward-unreachable': 'found' },
  ...over,
});

export const healthySight = (over: Partial<Sight> = {}): Sight =>
  sight({ at: madeAt + 6 * minute, status: 'healthy', causes: [], checks: { 'corefile-forward-unreachable': 'passed' }, ...over });

export const actResult = (over: Partial<ActResult> = {}): ActResult => ({
  outcome: 'applied',
  says: 'The Corefile was put back, and both pods run it.',
  next: [],
  before: sight(),
  after: healthySight(),
  proof: 'fixed',
  effectMs: 31_400,
  undoable: true,
  queries: null,
  lines: [],
  ...over,
});

export const summary = (over: Partial<QuerySummary> = {}): QuerySummary => ({
  lines: 1240,
  unreadable: 0,
  cut: false,
  seconds: 900,
  perSecond: 1.378,
  clients: [
    { address: '10.0.1.44', pod: 'shop/cart-7d9f8-x2', queries: 1100 },
    { address: '10.0.2.8', pod: null, queries: 140 },
  ],
  names: [
    { name: 'amazon.com.shop.svc.cluster.local.', type: 'A', queries: 620 },
    { name: 'amazon.com.svc.cluster.local.', type: 'AAAA', queries: 620 },
  ],
  rcodes: { NXDOMAIN: 1200, SERVFAIL: 40 },
  slow: [{ name: 'amazon.com.', type: 'A', rcode: 'SERVFAIL', ms: 2000 }],
  searchShare: 0.91,
  errors: [{ message: 'plugin/errors: 2 amazon.com. A: read udp 10.0.1.11:60905->192.0.2.1:53: i/o timeout', count: 40 }],
  ...over,
});

export const noPlan = (over: Partial<NoPlan> = {}): NoPlan => ({
  remedy: 'scale-coredns',
  params: {},
  why: 'owned',
  says: 'an autoscaler decides how many CoreDNS pods there are',
  next: ['Raise its lower bound: kubectl -n kube-system edit hpa coredns'],
  offers: [],
  allow: [],
  ...over,
});

/** An order that people have asked for and approved. */
export const approved = { requested: yes('U0ANA', 60_000), reason: 'checkout fails', approvals: [yes('U0BEN', 90_000)] };
const came = { ...approved, applyRun: 'aaaaaaaaaa', before: sight() };

/** An order in every state of its life, and with every outcome. */
export const lives: Readonly<Record<string, Change>> = {
  proposed: change(),
  requested: change({ state: 'requested', requested: yes('U0ANA', 60_000), reason: 'checkout fails', movedAt: madeAt + 60_000 }),
  approved: change({ state: 'approved', ...approved, movedAt: madeAt + 90_000 }),
  alone: change({ state: 'approved', requested: yes('U0ANA', 60_000), applyRun: 'aaaaaaaaaa' }),
  running: change({ state: 'running', ...came }),
  fixed: change({ state: 'done', ...came, result: actResult(), movedAt: madeAt + 3 * minute }),
  captured: change({
    state: 'done',
    ...came,
    result: actResult({ proof: 'none', before: null, after: null, capture: captured((via) => ({ lostRequest: via === 'b' })) }),
  }),
  'captured, with files': change({
    state: 'done',
    ...came,
    result: actResult({
      ...{ proof: 'none', before: null, after: null, undoable: false, capture: captured(() => ({})) },
      files: [
        { name: 'c1-shop_cart.pcap', bytes: 900_000, why: null },
        { name: 's1-kube-system_coredns-7c.pcap', bytes: 200_000, why: null },
        { name: 'n1-node-a.pcap', bytes: 31_000_000, why: 'packed, the files are larger than 4 MiB' },
      ],
    }),
  }),
  'no change': change({ state: 'done', ...came, result: actResult({ proof: 'no-change', after: sight(), effectMs: null }) }),
  worse: change({ state: 'done', ...came, result: actResult({ proof: 'worse', effectMs: null }) }),
  unverified: change({
    state: 'done',
    ...came,
    result: actResult({ outcome: 'unverified', proof: 'unknown', after: null, effectMs: null }),
  }),
  'nothing to prove': change({ state: 'done', ...came, result: actResult({ proof: 'none', before: healthySight() }) }),
  stopped: change({
    state: 'done',
    ...came,
    result: actResult({ outcome: 'stopped', proof: 'no-change', says: '1 of 2 pods was restarted.' }),
  }),
  failed: change({
    ...{ state: 'failed', ...came, why: 'The API server did not answer', movedAt: madeAt + 3 * minute },
    result: actResult({
      outcome: 'failed',
      says: 'The API server did not answer',
      proof: 'unknown',
      after: null,
      next: ['Look at what stands there.'],
    }),
  }),
  refused: change({ state: 'refused', ...came, why: 'the ConfigMap was changed since it was planned' }),
  dismissed: change({ state: 'refused', declinedBy: 'U0BEN', movedAt: madeAt + 70_000 }),
  declined: change({ state: 'refused', requested: yes('U0ANA', 60_000), declinedBy: 'U0BEN', movedAt: madeAt + 80_000 }),
  'never asked for': change({ state: 'expired', movedAt: madeAt + 31 * minute }),
  expired: change({ state: 'expired', requested: yes('U0ANA', 60_000), movedAt: madeAt + 31 * minute }),
  undoing: change({ state: 'undoing', ...came, result: actResult(), undoneBy: 'U0BEN', undoRun: 'bbbbbbbbbb' }),
  undone: change({
    ...{ state: 'undone', ...came, result: actResult(), undoneBy: 'U0BEN', undoRun: 'bbbbbbbbbb', movedAt: madeAt + 8 * minute },
    undoResult: actResult({ says: 'The text from before stands there again.', undoable: false, proof: 'none', before: null, after: null }),
  }),
  'not undone': change({
    ...{ state: 'done', ...came, result: actResult(), undoneBy: 'U0BEN', undoRun: 'bbbbbbbbbb' },
    undoResult: actResult({
      ...{ outcome: 'refused', says: 'somebody else has changed the Corefile since', proof: 'none', before: null, after: null },
      next: ['See what stands there: kubectl -n kube-system get configmap coredns -o yaml'],
    }),
  }),
  logging: change({
    ...{ plan: logPlan(), state: 'done', ...came, before: null, endsAt: madeAt + 20 * minute },
    result: actResult({ says: 'The query log is on in both pods.', proof: 'none', before: null, after: null, effectMs: null }),
  }),
  logged: change({
    ...{ plan: logPlan(), state: 'undone', ...came, before: null, undoneBy: 'end', movedAt: madeAt + 20 * minute },
    result: actResult({ says: 'The query log is on in both pods.', proof: 'none', before: null, after: null, effectMs: null }),
    undoResult: actResult({
      ...{ says: 'The query log is off again, and the Corefile is as it was, byte for byte.', proof: 'none', before: null, after: null },
      ...{ undoable: false, queries: summary(), lines: ['[INFO] 10.0.1.44:41000 - 1 "A IN amazon.com. udp 28 false 512" NXDOMAIN'] },
    }),
  }),
  swept: change({ plan: logPlan(), state: 'undone', ...came, undoneBy: 'end', result: actResult({ proof: 'none' }) }),
};
