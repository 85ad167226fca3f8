import { resolve } from 'node:path';
import { Failure } from '../../base/failure.ts';
import type { Target } from '../../config/load.ts';
import { CURRENT } from '../../config/resolve.ts';
import { withPort } from '../with-port.ts';
import type { LocalOrder } from './order.ts';
import { shortId } from './order.ts';

/** A target that means the same cluster however long it takes: the context is named, whatever the current one is later. */
export interface Pinned {
  target: Target;
  /** Uid of its namespace kube-system; null: it could not be read. */
  uid: string | null;
}

const WAIT_MS = 10_000;

/** Asks the cluster who it is. Rejects with a Failure where it cannot be reached, or with a UsageError where nobody can log in. */
export const pinned = (target: Target): Promise<Pinned> =>
  withPort(target, async (port) => {
    const { access, name } = target;
    await port.get('/version', {}, { timeoutMs: WAIT_MS });
    const namespace = await port.get('/api/v1/namespaces/kube-system', {}, { timeoutMs: WAIT_MS }).catch(() => null);
    const uid: unknown = namespace?.['metadata']?.['uid'];
    const file = access.kind === 'inCluster' || access.file === null ? null : resolve(access.file);
    const named = access.kind === 'inCluster' ? access : { ...access, file, context: port.contextName };
    return {
      target: { ...target, name: name === CURRENT ? port.contextName : name, access: named },
      uid: typeof uid === 'string' && uid !== '' ? uid : null,
    };
  });

/** Refuses another cluster than the one that an order changed: a context may mean another one by now. */
export function sameCluster({ change, cluster }: LocalOrder, { uid, target }: Pinned): void {
  if (cluster.uid === null || uid === cluster.uid) return;
  const says =
    uid === null
      ? `whether ${target.name} is the cluster that order ${shortId(change.id)} changed cannot be told: its namespace kube-system cannot be read`
      : `${target.name} is another cluster than the one that order ${shortId(change.id)} changed: name that one by --kubeconfig and --context`;
  throw new Failure('error', says);
}
