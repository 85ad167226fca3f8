import type { PlannedPod } from '../../domain/plan.ts';

/** The API path of a pod. */
export const podPath = ({ namespace, name }: Pick<PlannedPod, 'namespace' | 'name'>): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
