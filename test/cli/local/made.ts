import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planDigest } from '../../../src/access/changes/digest.ts';
import { openAuditFile } from '../../../src/audit/file.ts';
import type { AuditLog } from '../../../src/audit/log.ts';
import type { Carrying } from '../../../src/cli/local/carry.ts';
import type { LocalOrder } from '../../../src/cli/local/order.ts';
import { type LocalOrders, openOrders } from '../../../src/cli/local/orders.ts';
import { terminalPolicy } from '../../../src/cli/local/policy.ts';
import { DEFAULTS, type Target } from '../../../src/config/load.ts';
import { newChange } from '../../../src/domain/change.ts';
import type { ActResult, Plan, Sight } from '../../../src/domain/plan.ts';

/** When all of it happens: milliseconds since 1970. */
export const NOW = 1_700_000_000_000;
export const USER = 'ada@laptop';

/** A directory of its own for a test. */
export const directory = (): string => mkdtempSync(join(tmpdir(), 'dns-medic-local-'));

export const target = (over: Partial<Target> = {}): Target => ({
  name: 'cluster-a',
  access: { kind: 'kubeconfig', file: null, context: 'cluster-a' },
  settings: DEFAULTS,
  ...over,
});

export const plan = (over: Partial<Plan> = {}): Plan => ({
  remedy: 'scale-coredns',
  params: {},
  cluster: 'cluster-a',
  summary: 'Scale CoreDNS from 1 to 2 pods',
  risk: 'disruptive',
  helps: null,
  warnings: [],
  objects: [],
  pods: [],
  undo: 'It is scaled back to 1 pod',
  endsAfterMs: null,
  proves: ['coredns-one-replica'],
  effect: { withinMs: 1_000, why: 'a pod starts' },
  data: { from: 1, to: 2 },
  madeAt: NOW,
  ...over,
});

export const ID = '0123456789abcdef0123456789abcdef';

export const order = (over: Partial<Plan> = {}, id = ID): LocalOrder => ({
  version: 1,
  cluster: { access: target().access, settings: DEFAULTS, uid: 'uid-a' },
  run: '00000000aa',
  request: {
    cluster: 'cluster-a',
    pod: null,
    node: null,
    names: [],
    quick: false,
    probePods: true,
    ephemeral: false,
    timeoutMs: 90_000,
  },
  causes: ['coredns-one-replica'],
  change: newChange({ id, plan: plan(over), digest: planDigest(plan(over)) }),
  pending: null,
});

export const sight: Sight = { at: NOW, status: 'degraded', causes: ['coredns-one-replica'], checks: {} };

export const result = (over: Partial<ActResult> = {}): ActResult => ({
  outcome: 'applied',
  says: 'CoreDNS has 2 pods',
  next: [],
  before: sight,
  after: { ...sight, status: 'healthy', causes: [] },
  proof: 'fixed',
  effectMs: 12,
  undoable: true,
  queries: null,
  lines: [],
  ...over,
});

/** What was written by a remedy in these tests. */
export const write = {
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns' },
  how: 'patched',
  resourceVersion: '7',
};

/** The store of this machine, in a directory of its own. */
export function store(path = directory()): { path: string; orders: LocalOrders; audit: AuditLog } {
  const audit = openAuditFile({ path: join(path, 'audit.jsonl') });
  return { path, audit, orders: openOrders(join(path, 'orders'), audit) };
}

/** What an act works with; `perform` as the test says. */
export const carrying = (orders: LocalOrders, perform: Carrying['perform'], over: Partial<Carrying> = {}): Carrying => ({
  orders,
  target: target(),
  policy: terminalPolicy(target(), null, USER),
  user: USER,
  perform,
  onStep: () => undefined,
  stopping: new AbortController().signal,
  signal: new AbortController().signal,
  now: () => NOW,
  ...over,
});
