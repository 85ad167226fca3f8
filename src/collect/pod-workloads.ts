import type { Json } from '../cluster/port.ts';
import { arr, str } from './pick.ts';

/** A workload by kind and name. */
export interface Workload {
  kind: string;
  name: string;
}

/**
 * The workloads that a pod belongs to, by what it says of its owner: the owner, and the Deployment of a ReplicaSet, whose name is the
 * Deployment's with the hash of the pod template behind it.
 */
export function workloadsOf(pod: Json): Workload[] {
  const hash = str(pod, ['metadata', 'labels', 'pod-template-hash']);
  return arr(pod, 'metadata.ownerReferences').flatMap((owner) => {
    const [kind, name] = [str(owner, 'kind') ?? 'unknown', str(owner, 'name') ?? ''];
    const isDeployments = kind === 'ReplicaSet' && hash !== null && name.endsWith(`-${hash}`);
    const above = isDeployments ? [{ kind: 'Deployment', name: name.slice(0, -hash.length - 1) }] : [];
    return name === '' ? [] : [...above, { kind, name }];
  });
}
