import type { ClusterPort } from '../../cluster/port.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';
import { kubernetesZones } from '../../formats/corefile/server-for.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { switchOff } from './act.ts';
import { type Place, standing } from './config-map.ts';
import { withoutQueryLog } from './lines.ts';
import { isOver, MARK, type Mark, markIn } from './mark.ts';
import { textName } from './plan.ts';

/** The delayed job that ends it has so long before somebody else does. Milliseconds. */
const GRACE_MS = 20_000;

/** A query log whose time is over, as it stands in the cluster. */
export interface Overdue {
  place: Place;
  mark: Mark;
  text: string;
}

/** Whether a query log stands in the cluster that should be off by now: one read of the ConfigMap. Rejects with a Failure. */
export async function overdueQueryLog(port: ClusterPort, namespace: string, now: number): Promise<Overdue | null> {
  const place = { namespace, configMap: 'coredns', key: 'Corefile' };
  const { mark: annotation, text } = await standing(port, place, MARK, { timeoutMs: 10_000 });
  const mark = markIn(annotation);
  if (mark === null || text === null || !isOver(mark, now - GRACE_MS)) return null;
  return { place: { ...place, key: mark.key }, mark, text };
}

/**
 * Ends it from what stands in the cluster alone: the bot's lines are taken out, and only where they are still as it wrote them. Where the text is
 * the very one that was written, it is checked that what is left is the one that stood there before.
 */
export async function endQueryLog(context: ActContext, { place, mark, text }: Overdue, selector: string): Promise<Acted> {
  const before = withoutQueryLog(text, mark.logged, mark.classes);
  const isOurs = textName(text) === mark.after;
  if (before === null || (isOurs && textName(before) !== mark.before)) {
    const next = [`kubectl -n ${place.namespace} edit configmap ${place.configMap}`];
    return {
      outcome: 'refused',
      says: 'the lines of the query log are not as they were written, so they are not taken out',
      next,
      undoable: false,
    };
  }
  const { servers } = parseCorefile(text);
  return switchOff(context, {
    ...place,
    before: isOurs ? before : '',
    after: isOurs ? text : '',
    loadedBefore: '',
    loadedAfter: '',
    classes: mark.classes,
    logged: mark.logged,
    zones: kubernetesZones(servers).filter((zone) => !zone.endsWith('.arpa.')),
    pods: { namespace: place.namespace, selector },
    version: null,
  });
}
