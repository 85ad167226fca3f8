import { createHash } from 'node:crypto';
import type { CheckRequest } from '../domain/request.ts';
import type { RunKind } from '../domain/run.ts';
import type { Base } from './stored.ts';

const names = (list: readonly string[]): string[] => [...new Set(list.map((name) => name.toLowerCase()))].toSorted();

/** What a run answers. One that carries out an order is asked for by its id alone: the order names the run that does it. */
export const questionOfRun = ({ id, kind, request, change }: Pick<Base, 'id' | 'kind' | 'request' | 'change'>): string =>
  change === undefined
    ? questionOf(kind, request)
    : createHash('sha256')
        .update(JSON.stringify([kind, change, id]), 'utf8')
        .digest('hex');

/**
 * What is asked, without who asks and how it was written: the same question has the same text, and one run answers all who ask it at the
 * same time. Case and order of names do not matter; a dot at a name's end does, and so does everything else.
 */
export function questionOf(kind: RunKind, request: CheckRequest): string {
  const { cluster, pod, node, quick, probePods, ephemeral, timeoutMs } = request;
  const parts = [kind, cluster, pod, node, names(request.names), quick, probePods, ephemeral, timeoutMs];
  return createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex');
}
