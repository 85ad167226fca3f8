import type { Plan } from '../../domain/plan.ts';
import { corefileSha512 } from '../../formats/corefile/hash.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { nameOf, type Place, type Rewritten, rewrite, standing } from '../corefile/config-map.ts';
import type { QueryLogData } from './data.ts';
import { type Load, type Pods, untilLoaded } from '../corefile/loaded.ts';
import { MARK, markIn } from './mark.ts';
import { refusal } from './refusal.ts';
import { summedUp } from './summary.ts';
import { judgeOff, type Put, textName } from './take-out.ts';
import { renew, type Replaces } from './without-reload.ts';

export const placeOf = ({ namespace, configMap, key }: QueryLogData): Place => ({ namespace, configMap, key });

/** What was put into the text. */
export const putOf = ({ logged, inserted, classes, before, after }: QueryLogData): Put => ({
  logged,
  inserted,
  classes,
  before: textName(before),
  after: textName(after),
});

/** Takes our lines out of what stands there, and the mark. Rejects with a Failure. */
export const takeOut = (context: ActContext, place: Place, put: Put): Promise<Rewritten> =>
  rewrite(context, place, (stands) => judgeOff(put, stands));

/** What is ended, and where its pods are. */
export interface Ending {
  place: Place;
  put: Put;
  pods: Pods;
}

function loadedSays(load: Load | null): string {
  if (load === null) return 'whether all pods have loaded it cannot be seen from here';
  if (load.is === 'loaded') return load.pods === 1 ? 'the CoreDNS pod has loaded it' : `all ${load.pods} CoreDNS pods have loaded it`;
  if (load.is === 'failed') return `${load.pod} did not load it (${load.says})`;
  return `not seen to have loaded it${load.is === 'late' ? ' within three minutes' : ''}: ${load.pods.join(', ')}`;
}

/** Takes the lines out and waits until every pod has loaded that. `renews`: has pods run a text that do not reload by themselves. */
export async function ended(
  context: ActContext,
  { place, put, pods }: Ending,
  renews: ((text: string) => Promise<Acted | null>) | null = null,
): Promise<Acted> {
  const began = context.now();
  const came = await takeOut(context, place, put);
  const byHand = `Take the log plugin out by hand: kubectl -n ${place.namespace} edit configmap ${place.configMap}`;
  if (came.is === 'refused') return refusal(context, place, came.says, byHand);
  if (came.is === 'lost')
    return { outcome: 'failed', says: `whether ${nameOf(place)} was written is not known: ${came.says}`, next: [byHand], undoable: true };
  const { text } = await standing(context.port, place, { signal: context.signal });
  const exact = text !== null && textName(text) === put.before;
  const renewed = text === null ? null : await renews?.(text);
  if (renewed != null && renewed.outcome !== 'applied') {
    const says = `the log plugin is out of the Corefile; ${renewed.says}`;
    return { outcome: renewed.outcome === 'stopped' ? 'stopped' : 'failed', says, next: renewed.next, undoable: true };
  }
  const parsed = parseCorefile(text ?? '');
  const sha512 = corefileSha512(parsed);
  // what was written before, and what no pod would take, is not waited for where it cannot be told
  const isToldApart = parsed.blocks !== null && (sha512 !== null || came.is === 'written');
  const load = isToldApart ? await untilLoaded(context, pods, { sha512, since: began }) : null;
  const how = exact
    ? 'the Corefile is as it was, byte for byte'
    : "somebody has edited the Corefile meanwhile: only the bot's lines were taken out";
  const next = load?.is === 'loaded' ? [] : [`See what the pods run: kubectl -n ${pods.namespace} logs -l '${pods.selector}' --prefix`];
  return { outcome: 'applied', says: `The query log is off: ${how}; ${loadedSays(load)}`, next, undoable: false };
}

/** Switches it off, waits until every pod has loaded that, and sums up what was logged. */
export async function switchOff(
  context: ActContext,
  data: QueryLogData,
  { madeAt }: Pick<Plan, 'madeAt'>,
  replaces?: Replaces,
): Promise<Acted> {
  const { replace } = data;
  const place = placeOf(data);
  const { annotations } = await standing(context.port, place, { signal: context.signal });
  const since = markIn(annotations[MARK])?.since ?? madeAt;
  let summed: ReturnType<typeof summedUp> | null = null;
  const sum = (): ReturnType<typeof summedUp> => (summed ??= summedUp(context, data.pods, since, data));
  const renews = async (text: string): Promise<Acted | null> => {
    // the log of a pod goes with it
    await sum();
    return replace === null ? null : renew(context, replace.gates, text, replaces);
  };
  const acted = await ended(context, { place, put: putOf(data), pods: data.pods }, replace === null ? null : renews);
  return { ...acted, ...(await sum()) };
}
