import { corefileSha512 } from '../../formats/corefile/hash.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { type Judged, rewrite, type Standing, standing } from './config-map.ts';
import type { QueryLogData } from './data.ts';
import { withoutQueryLog } from './lines.ts';
import { untilLoaded } from './loaded.ts';
import { MARK, type Mark, markIn } from './mark.ts';
import { textName } from './plan.ts';
import { summedUp } from './summary.ts';

const placeOf = ({ namespace, configMap, key }: QueryLogData) => ({ namespace, configMap, key });
const nameOf = ({ namespace, configMap }: QueryLogData): string => `ConfigMap ${namespace}/${configMap}`;

const refused = (says: string, next: string[]): Acted => ({ outcome: 'refused', says, next, undoable: false });

/** What stands there, for people: its first lines. */
const shown = ({ text }: Standing): string => (text === null ? 'nothing' : text.split('\n').slice(0, 12).join(' / ').slice(0, 400));

const markOf = ({ change, endsAt, now }: ActContext, data: QueryLogData): Mark => ({
  order: change,
  since: now(),
  endsAt: endsAt ?? now() + 900_000,
  key: data.key,
  classes: data.classes,
  logged: data.logged,
  before: textName(data.before),
  after: textName(data.after),
});

function judgeOn(context: ActContext, data: QueryLogData, stands: Standing): Judged {
  if (stands.text === data.after)
    return markIn(stands.mark)?.order === context.change ? { done: true } : { refused: 'somebody else logs queries now' };
  if (stands.text !== data.before) return { refused: 'somebody has edited the Corefile since the plan was made' };
  if (markIn(stands.mark) !== null) return { refused: 'another order to log queries has left its mark on it' };
  return { text: data.after, annotation: { name: MARK, value: JSON.stringify(markOf(context, data)) } };
}

const clock = (ms: number): string => `${new Date(ms).toISOString().slice(11, 16)} UTC`;

/** Switches the query log on, and waits until every pod has loaded it. What a pod refuses is taken out again at once. */
export async function switchOn(context: ActContext, data: QueryLogData): Promise<Acted> {
  const since = context.now();
  const judged = await rewrite(context, placeOf(data), MARK, (stands) => judgeOn(context, data, stands));
  if ('refused' in judged) {
    const stands = await standing(context.port, placeOf(data), MARK, { signal: context.signal });
    return refused(judged.refused, [`There stands now: ${shown(stands)}`, 'Check again: a new plan is made from that.']);
  }
  const load = await untilLoaded(context, data.pods, data.loadedAfter, 'done' in judged ? since - 600_000 : since);
  const mark = markIn((await standing(context.port, placeOf(data), MARK, { signal: context.signal })).mark);
  const until = clock(mark?.endsAt ?? context.endsAt ?? since);
  if (load.is === 'loaded') {
    const says = `${load.pods === 1 ? 'The CoreDNS pod logs' : `All ${load.pods} CoreDNS pods log`} queries now, until ${until}`;
    return { outcome: 'applied', says, next: [], undoable: true };
  }
  if (load.is === 'late') {
    const says = `the Corefile is written, but after three minutes ${load.pods.join(', ')} had not loaded it`;
    return { outcome: 'failed', says, next: ['Undo it, and look at the logs of these pods.'], undoable: true };
  }
  const off = await takeOut(context, data);
  const left = 'refused' in off ? ` and it could not be taken out again: ${off.refused}` : '; it was taken out again';
  return { outcome: 'failed', says: `${load.pod} did not take the Corefile (${load.says})${left}`, next: [], undoable: 'refused' in off };
}

/** The text without our lines: byte for byte where nobody has edited it. */
function judgeOff(data: QueryLogData, stands: Standing): Judged {
  const gone = { name: MARK, value: null };
  const { text } = stands;
  if (text === null) return { refused: `${nameOf(data)} is gone` };
  const isMarked = stands.mark !== undefined;
  if (text === data.after) return { text: data.before, annotation: gone };
  if (text === data.before) return isMarked ? { text, annotation: gone } : { done: true };
  const without = withoutQueryLog(text, data.logged, data.classes);
  if (without !== null && parseCorefile(without).error === null) return { text: without, annotation: gone };
  return { refused: 'somebody has edited the Corefile so that our lines cannot be told from theirs' };
}

const takeOut = (context: ActContext, data: QueryLogData): Promise<Judged> =>
  rewrite(context, placeOf(data), MARK, (stands) => judgeOff(data, stands));

/** Switches it off, waits until every pod has loaded that, and sums up what was logged. */
export async function switchOff(context: ActContext, data: QueryLogData): Promise<Acted> {
  const before = await standing(context.port, placeOf(data), MARK, { signal: context.signal });
  const since = markIn(before.mark)?.since ?? context.now() - 3_600_000;
  const { queries, lines } = await summedUp(context, data.pods, since, data);
  const began = context.now();
  const judged = await takeOut(context, data);
  if ('refused' in judged) {
    const stands = await standing(context.port, placeOf(data), MARK, { signal: context.signal });
    const next = [
      `There stands now: ${shown(stands)}`,
      `Take the log plugin out by hand: kubectl -n ${data.namespace} edit configmap ${data.configMap}`,
    ];
    return { ...refused(judged.refused, next), queries, lines };
  }
  const text = 'text' in judged ? judged.text : data.before;
  const exact =
    text === data.before
      ? 'the Corefile is as it was, byte for byte'
      : "somebody has edited the Corefile meanwhile: only the bot's lines were taken out";
  const wanted = corefileSha512(text);
  const already = 'done' in judged ? began - 600_000 : began;
  const load = wanted === null ? null : await untilLoaded(context, data.pods, wanted, already, true);
  const loaded =
    load?.is === 'loaded'
      ? `${load.pods === 1 ? 'the CoreDNS pod has' : `all ${load.pods} CoreDNS pods have`} loaded it`
      : 'whether all pods have loaded it was not seen within three minutes';
  return { outcome: 'applied', says: `The query log is off: ${exact}; ${loaded}`, next: [], undoable: false, queries, lines };
}
