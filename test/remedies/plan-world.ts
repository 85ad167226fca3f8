import type { ClusterPort, Json, ListOptions } from '../../src/cluster/port.ts';
import type { ReadingData } from '../../src/domain/evidence.ts';
import type { PlanContext } from '../../src/remedies/remedy.ts';
import { healthyFacts, homes, now } from '../checks/evidence.ts';

/** Objects of the API as they are when a plan is made; tests override what they change. */
export interface Live {
  deployment: Json;
  pods: Json[];
  budgets: Json[] | Error;
  /** Pods that were put aside. */
  aside: Json[];
  corefile: string;
}

/** A pod of CoreDNS' ReplicaSet as the API server gives it. */
export const podJson = (name: string, index: 0 | 1, over: { ready?: boolean; owner?: Json[]; labels?: Json; spec?: Json } = {}): Json => ({
  metadata: {
    namespace: 'kube-system',
    name,
    uid: `uid-${name}`,
    labels: over.labels ?? { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' },
    ownerReferences: over.owner ?? [{ kind: 'ReplicaSet', name: 'coredns-abc', controller: true }],
  },
  spec: { nodeName: homes[index], ...over.spec },
  status: {
    phase: 'Running',
    podIP: `10.0.${index + 1}.1${index + 1}`,
    conditions: [{ type: 'Ready', status: over.ready === false ? 'False' : 'True' }],
    containerStatuses: [{ restartCount: 0, state: { running: {} } }],
  },
});

/** A budget over the CoreDNS pods. */
export const budgetJson = (name: string, allowed: number, over: Json = {}): Json => ({
  metadata: { name },
  spec: { selector: { matchLabels: { 'k8s-app': 'kube-dns' } }, ...over },
  status: { disruptionsAllowed: allowed, currentHealthy: 1 + allowed, desiredHealthy: 1, expectedPods: 2 },
});

const rolledOut: Json = {
  metadata: { generation: 3 },
  spec: { replicas: 2 },
  status: { observedGeneration: 3, replicas: 2, updatedReplicas: 2 },
};

/** What a plan is made from: a healthy cluster of two nodes, but for what a test says. */
export function planContext(over: Partial<ReadingData> = {}, live: Partial<Live> = {}, without: (keyof ReadingData)[] = []): PlanContext {
  const facts = healthyFacts(over);
  const {
    deployment = rolledOut,
    pods = [podJson('coredns-a', 0), podJson('coredns-b', 1)],
    budgets = [],
    aside = [],
    corefile = facts.corefile.text,
  } = live;
  const evidence = Object.fromEntries(
    Object.entries(facts).map(([id, data]) => [
      id,
      without.some((one) => one === id)
        ? { id, status: 'failed', reason: 'forbidden', message: `${id} may not be read`, durationMs: 1 }
        : { id, status: 'ok', data, durationMs: 1 },
    ]),
  );
  const get = (path: string): Promise<Json> =>
    Promise.resolve(path.includes('/configmaps/') ? { data: { Corefile: corefile } } : deployment);
  const list = (path: string, { labelSelector = '' }: ListOptions = {}) => {
    if (labelSelector.includes('dns-medic-aside')) return Promise.resolve({ items: aside, complete: true, remaining: null });
    if (path.endsWith('/poddisruptionbudgets') && budgets instanceof Error) return Promise.reject(budgets);
    return Promise.resolve({ items: path.endsWith('/pods') ? pods : budgets, complete: true, remaining: null });
  };
  return {
    port: { get, list } as unknown as ClusterPort,
    evidence,
    request: { cluster: 'cluster-a' },
    settings: {},
    corefiles: () => Promise.resolve([]),
    signal: new AbortController().signal,
    now: () => now,
  } as unknown as PlanContext;
}
