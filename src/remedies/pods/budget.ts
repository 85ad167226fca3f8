import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import type { CallOptions, ClusterPort } from '../../cluster/port.ts';
import type { LabelSelector } from '../../domain/coredns.ts';
import { matches } from '../../rules/label-selector.ts';

const Json = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ selector: z.unknown(), unhealthyPodEvictionPolicy: z.string().nullish() }),
  status: z
    .object({
      disruptionsAllowed: z.number().catch(0),
      currentHealthy: z.number().catch(0),
      desiredHealthy: z.number().catch(0),
      expectedPods: z.number().catch(0),
    })
    .catch({ disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }),
});

/** A PodDisruptionBudget, and what it allows now. */
export interface Budget {
  name: string;
  allowed: number;
  healthy: number;
  wanted: number;
  of: number;
  /** Pods that are not ready may go whatever the budget says. */
  unhealthyMayGo: boolean;
}

/** The budgets of a namespace that pick pods with these labels; null where we may not read them. Rejects with a Failure. */
export async function budgetsOf(
  port: ClusterPort,
  { namespace, labels }: { namespace: string; labels: Readonly<Record<string, string>> },
  options: CallOptions,
): Promise<Budget[] | null> {
  const path = `/apis/policy/v1/namespaces/${encodeURIComponent(namespace)}/poddisruptionbudgets`;
  try {
    const { items } = await port.list(path, { ...options, limit: 100 });
    return items
      .map((item) => Json.safeParse(item).data)
      .filter((one) => one !== undefined && matches(one.spec.selector as LabelSelector | undefined, labels))
      .map((one) => ({
        name: one!.metadata.name,
        allowed: one!.status.disruptionsAllowed,
        healthy: one!.status.currentHealthy,
        wanted: one!.status.desiredHealthy,
        of: one!.status.expectedPods,
        unhealthyMayGo: one!.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow',
      }));
  } catch (error) {
    if (error instanceof Failure && error.reason === 'forbidden') return null;
    throw error;
  }
}

/**
 * Why the API server would not evict a pod now; null where it would. One that is not ready may go while enough others are healthy (the rules of
 * `unhealthyPodEvictionPolicy`); with two budgets over one pod it evicts none.
 */
export function budgetRefusal(budgets: readonly Budget[], isReady: boolean): string | null {
  if (budgets.length > 1) {
    const names = budgets.map(({ name }) => name).join(', ');
    return `more than one PodDisruptionBudget picks the CoreDNS pods (${names}): the API server evicts none of them then`;
  }
  const [budget] = budgets;
  if (budget === undefined || budget.allowed > 0) return null;
  const { name, healthy, wanted, of, unhealthyMayGo } = budget;
  if (!isReady && (unhealthyMayGo || (healthy >= wanted && wanted > 0))) return null;
  return `PodDisruptionBudget ${name} allows no pod to go now: ${healthy} of ${of} are healthy, ${wanted} must be`;
}
