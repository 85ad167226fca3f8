import type { PlannedObject, PlannedPod } from '../../domain/plan.ts';
import type { Permission } from '../../domain/reading.ts';
import { ASIDE } from './aside.ts';
import type { Condition } from './condition.ts';
import type { PodGates } from './gates.ts';
import { hasReload, lameduckOf } from './from-logs.ts';
import type { LivePod } from './live-pod.ts';
import type { PodFacts } from './plan-facts.ts';

/** What the replacement of CoreDNS pods needs: it changes the labels of pods, evicts them, and reads what it was planned on again before each eviction. */
export const podNeeds: readonly Permission[] = [
  { group: '', resource: 'pods/eviction', verb: 'create', scope: 'dns' },
  { group: '', resource: 'pods', verb: 'get', scope: 'dns' },
  { group: '', resource: 'pods', verb: 'patch', scope: 'dns' },
  { group: '', resource: 'pods', verb: 'list', scope: 'dns' },
  { group: '', resource: 'configmaps', verb: 'get', scope: 'dns' },
  { group: 'apps', resource: 'deployments', verb: 'get', scope: 'dns' },
  { group: 'apps', resource: 'daemonsets', verb: 'get', scope: 'dns' },
  { group: 'discovery.k8s.io', resource: 'endpointslices', verb: 'list', scope: 'dns' },
  { group: 'policy', resource: 'poddisruptionbudgets', verb: 'list', scope: 'dns' },
];

export const planned = ({ namespace, name, uid, node }: LivePod): PlannedPod => ({ namespace, name, uid, node });

/** What is written to a pod before it is evicted; nothing where pods are not put aside. */
export const asideDiff = ({ aside }: PodGates): string[] => {
  const lines = Object.entries(aside).flatMap(([key, value]) => [`-   ${key}: ${value}`, `+   ${key}: ${ASIDE}`]);
  return lines.length === 0 ? [] : ['  # out of the Service, until another pod answers in its place', '  labels:', ...lines];
};

/** The workload whose pods are replaced. */
export const restartOf = ({ workload: { kind, namespace, name }, gates }: PodFacts): PlannedObject => ({
  object: { apiVersion: 'apps/v1', kind, namespace, name },
  does: 'restart',
  diff: asideDiff(gates).map((line) => line.replace('# out of', '# each pod, before it is evicted: out of')),
  owner: null,
});

/** What may go wrong, or costs something. `ready`: how many pods serve now. */
export function warningsOf({ corefile, workload, gates, budgets, left }: PodFacts, { stale }: Condition, ready: number): string[] {
  const lameduck = lameduckOf(corefile);
  const canPutAside = Object.keys(gates.aside).length > 0;
  const grace = workload.terminationGraceSeconds;
  return [
    ...(canPutAside
      ? []
      : ['Pods cannot be taken out of the Service before they end here: some lookups that are on their way to one are lost.']),
    ...(!canPutAside && gates.lameduckMs === 0
      ? ['The Corefile has no lameduck time: lookups that nodes send to a pod in the second after it ended are lost.']
      : []),
    ...(gates.lameduckMs >= 1_000 * grace && gates.lameduckMs > 0
      ? [`The lameduck time (${lameduck}) is not shorter than terminationGracePeriodSeconds (${grace} s): pods are killed within it.`]
      : []),
    ...(ready === 2 ? ['While one pod is replaced, the other one carries all lookups alone.'] : []),
    ...(hasReload(corefile) ? [] : ['New pods read the Corefile as it is in the ConfigMap now.']),
    ...(stale.length > 0
      ? ['As long as the API server cannot be reached from its node, a new pod does not become ready; then it stops there.']
      : []),
    ...(left.length > 0
      ? [
          `An order before this one has left ${left.join(', ')} running outside of the Service; nobody needs it: kubectl -n ${workload.namespace} delete pod ${left.join(' ')}`,
        ]
      : []),
    ...(budgets === null ? ['PodDisruptionBudgets may not be read here; the API server asks them when a pod is to go.'] : []),
  ];
}

/** How long it takes at most until all is done and shows, in milliseconds: it is waited for after the last pod only. */
export const podEffect = { withinMs: 60_000, why: 'new pods answer at once; what they log is seen at the next look' };
