import type { ClusterPort, Json } from '../../cluster/port.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { type Place, standing } from '../corefile/config-map.ts';
import { isOver, MARK, type Mark, markIn } from './mark.ts';
import { ended } from './off.ts';

/** The delayed job that ends it has so long before somebody else does. Milliseconds. */
const GRACE_MS = 20_000;

/** A query log whose time is over, as it stands in the cluster. */
export interface Overdue {
  place: Place;
  mark: Mark;
}

/** When the API server had our annotation written, by its own clock (managedFields); null: it does not say. */
function writtenAt(object: Json | null): number | null {
  const entries: unknown = object?.['metadata']?.['managedFields'];
  const own = (Array.isArray(entries) ? (entries as Json[]) : []).filter(
    (entry) => entry['fieldsV1']?.['f:metadata']?.['f:annotations']?.[`f:${MARK}`] !== undefined,
  );
  const times = own.map((entry) => Date.parse(String(entry['time']))).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? null : Math.max(...times);
}

/** Whether a query log stands in the cluster that should be off by now: one read of the ConfigMap. Rejects with a Failure. */
export async function overdueQueryLog(port: ClusterPort, namespace: string, now: number): Promise<Overdue | null> {
  const place = { namespace, configMap: 'coredns', key: 'Corefile' };
  const { object, annotations } = await standing(port, place, { timeoutMs: 10_000 });
  const mark = markIn(annotations[MARK]);
  if (mark === null || !isOver(mark, writtenAt(object), now - GRACE_MS)) return null;
  return { place: { ...place, key: mark.key }, mark };
}

/** Ends it from what stands in the cluster alone: the bot's lines are taken out, and only where they are still as it wrote them. */
export const endQueryLog = (context: ActContext, { place, mark }: Overdue, selector: string): Promise<Acted> =>
  ended(context, { place, put: mark, pods: { namespace: place.namespace, selector } });
