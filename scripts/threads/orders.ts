import { type Change, newChange } from '../../src/domain/change.ts';
import type { ActResult, Plan, Sight } from '../../src/domain/plan.ts';
import type { RunStep } from '../../src/domain/run.ts';

/** Orders of docs/threads.md at the stages of their lives. They are written by hand: a recorded bundle knows of no order. */

/** When the plans were made: at the end of the check. */
export const plannedAt = Date.UTC(2026, 10, 23, 10, 42, 15);

const second = 1_000;
const minute = 60 * second;

/** An order at a stage of its life, with the words around its picture. */
export interface Stage {
  title: string;
  about: string;
  change: Change;
  steps?: RunStep[];
  /** Whether the card of the check is shown too. */
  withCard?: boolean;
}

const corefile = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' };

const restore: Plan = {
  ...{ remedy: 'restore-corefile', params: {}, cluster: 'cluster-a', risk: 'safe', madeAt: plannedAt, data: null },
  summary: 'put the Corefile back to the text that was healthy until 2026-11-23 09:20 UTC',
  helps: 'the forward line was changed since: 192.0.2.1 stands there now, and does not answer',
  warnings: [],
  objects: [{ object: corefile, does: 'change', diff: ['-     forward . 192.0.2.1', '+     forward . /etc/resolv.conf'], owner: null }],
  pods: [],
  undo: 'the text that stands there now is written back, byte for byte, unless somebody else has changed it since',
  endsAfterMs: null,
  proves: ['corefile-forward-unreachable'],
  effect: { withinMs: 120 * second, why: 'the kubelets bring the ConfigMap to the pods, and CoreDNS looks at it every 30 s' },
};

const log: Plan = {
  ...restore,
  remedy: 'enable-query-log',
  summary: 'log what CoreDNS is asked and does not answer well, for 15 minutes',
  helps: null,
  objects: [{ object: corefile, does: 'change', diff: ['+     log . {', '+         class denial error', '+     }'], owner: null }],
  undo: 'the lines of the log plugin are taken out again',
  endsAfterMs: 15 * minute,
  proves: [],
};

const person = (user: string) => ({ user, team: 'T0LAB', isBot: false, isDeleted: false, isGuest: false, isStranger: false, groups: [] });
const yes = (user: string, after: number) => ({ person: person(user), channel: 'C0INCIDENTS', at: plannedAt + after });

const sight = (over: Partial<Sight>): Sight => ({
  ...{ at: plannedAt + minute, status: 'broken', causes: ['corefile-forward-unreachable'] },
  checks: { 'corefile-forward-unreachable': 'found' },
  ...over,
});
const before = sight({});
const after = sight({ status: 'healthy', causes: [], checks: { 'corefile-forward-unreachable': 'passed' } });

const came: ActResult = {
  ...{ outcome: 'applied', says: 'the Corefile was put back, and both pods run it', next: [], before, after, proof: 'fixed' },
  ...{ effectMs: 34_200, undoable: true, queries: null, lines: [] },
};

const asked = { requested: yes('U0ANA', 40 * second), reason: 'nobody can pay', movedAt: plannedAt + 40 * second } as const;
const approved = { ...asked, approvals: [yes('U0BEN', 65 * second)], applyRun: 'b1c2d3e4f5' };
const order = (plan: Plan, over: Partial<Change> = {}): Change => ({
  ...newChange({ id: '4d1f09a2c37e5b8896d0e1f2a3b4c5d6', plan, digest: 'd'.repeat(64) }),
  ...over,
});

const step = (title: string, state: RunStep['state'], durationMs: number | null = 900): RunStep => ({
  id: title,
  title,
  state,
  reason: null,
  durationMs,
});

const nothingProved = { before: null, after: null, proof: 'none', effectMs: null } as const;
const lines = ['[INFO] 10.0.1.44:41000 - 1 "A IN amazon.com.shop.svc.cluster.local. udp 56 false 512" NXDOMAIN qr,aa,rd 149 0.0001s'];

/** The stages, in order. */
export const orders: readonly Stage[] = [
  {
    title: 'Offered',
    about: 'What could be done stands below the verdict. Nothing is changed by looking: the button opens the whole plan.',
    change: order(restore),
  },
  {
    title: 'Asked for',
    about: 'Ana has read the plan and asked for it. Here the policy wants a second person, so those who may approve are called.',
    change: order(restore, { ...asked, state: 'requested' }),
  },
  {
    title: 'Being done',
    about: 'Ben has read the same plan and approved it. A worker holds the lease of the cluster, and shows what it does.',
    change: order(restore, { ...approved, state: 'running', before, movedAt: plannedAt + 70 * second }),
    steps: [
      step('Waiting until no other change goes on in this cluster', 'ok', 40),
      step('Looking at the cluster before', 'ok', 5_200),
      step('Writing ConfigMap kube-system/coredns', 'ok', 60),
      step('Waiting until both pods run it', 'running', null),
    ],
  },
  {
    title: 'Fixed',
    about: 'The same checks were run before and after. It can still be undone. The card in the channel says so too.',
    withCard: true,
    change: order(restore, { ...approved, state: 'done', before, result: came, movedAt: plannedAt + 131 * second }),
  },
  {
    title: 'No change',
    about: 'Had it not helped, that would have been said as loudly.',
    change: order(restore, {
      ...{ ...approved, state: 'done', before, movedAt: plannedAt + 131 * second },
      result: {
        ...came,
        after: before,
        proof: 'no-change',
        effectMs: null,
        next: ['See why 192.0.2.1 is asked: kubectl -n kube-system get configmap coredns -o yaml'],
      },
    }),
  },
  {
    title: 'A change that ends by itself',
    about: 'Another order: the query log was on for 15 minutes. It was switched off again, and what was logged is summed up.',
    change: order(log, {
      ...{ ...approved, state: 'undone', undoneBy: 'end', undoRun: 'c1d2e3f4a5', movedAt: plannedAt + 1_035 * second },
      result: { ...came, ...nothingProved, says: 'the query log is on in both pods' },
      undoResult: {
        ...{
          ...came,
          ...nothingProved,
          says: 'the query log is off again, and the Corefile is as it was, byte for byte',
          undoable: false,
          lines,
        },
        queries: {
          ...{ lines: 1_240, unreadable: 0, cut: false, seconds: 900, perSecond: 1.378, searchShare: 0.91 },
          clients: [
            { address: '10.0.1.44', pod: 'shop/cart-7d9f8c5b6-x2k4p', queries: 1_100 },
            { address: '10.0.2.8', pod: null, queries: 140 },
          ],
          names: [
            { name: 'amazon.com.shop.svc.cluster.local.', type: 'A', queries: 580 },
            { name: 'amazon.com.svc.cluster.local.', type: 'A', queries: 560 },
            { name: 'amazon.com.', type: 'A', queries: 100 },
          ],
          rcodes: { NXDOMAIN: 1_140, SERVFAIL: 100 },
          slow: [{ name: 'amazon.com.', type: 'A', rcode: 'SERVFAIL', ms: 2_000 }],
          errors: [{ message: 'plugin/errors: 2 amazon.com. A: read udp 10.0.1.11:60905->192.0.2.1:53: i/o timeout', count: 100 }],
        },
      },
    }),
  },
];
