import { replacePods } from '../pods/replace-pods.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { type Judged, nameOf, rewrite, type Standing, standing } from '../corefile/config-map.ts';
import type { QueryLogData } from './data.ts';
import { type Load, untilLoaded } from '../corefile/loaded.ts';
import { MARK, type Mark, markIn } from './mark.ts';
import { placeOf, putOf, takeOut } from './off.ts';
import { readiness } from './readiness.ts';
import { refusal } from './refusal.ts';
import type { Replaces } from './without-reload.ts';

/** A mark without an end is none: an order of which nobody said when it ends is over after so long. Milliseconds. */
const USUAL_MS = 900_000;

/** The mark that an act leaves in the cluster. */
export function markOf({ change, endsAt, now }: Pick<ActContext, 'change' | 'endsAt' | 'now'>, data: QueryLogData): Mark {
  return { order: change, since: now(), endsAt: endsAt ?? now() + USUAL_MS, key: data.key, ...putOf(data) };
}

function judgeOn(context: ActContext, data: QueryLogData, { text, annotations }: Standing): Judged {
  const mark = markIn(annotations[MARK]);
  if (text === data.after && mark?.order === context.change) return { done: true };
  if (mark !== null && mark.order !== context.change) return { refused: 'another order logs queries now, or has left its mark' };
  if (text !== data.before) return { refused: 'somebody has edited the Corefile since the plan was made' };
  return { text: data.after, annotations: { [MARK]: JSON.stringify(markOf(context, data)) } };
}

const clock = (ms: number): string => `${new Date(ms).toISOString().slice(11, 16)} UTC`;

/** After a pod refused it: the lines go at once, and nothing stays. */
async function givenUp(context: ActContext, data: QueryLogData, { pod, says }: Extract<Load, { is: 'failed' }>): Promise<Acted> {
  const off = await takeOut(context, placeOf(data), putOf(data));
  const isOff = off.is === 'written' || off.is === 'done';
  const left = isOff ? 'it was taken out again' : `and it could not be taken out again: ${off.says}`;
  return { outcome: 'failed', says: `${pod} did not take the Corefile (${says}); ${left}`, next: [], undoable: !isOff };
}

async function loaded(context: ActContext, data: QueryLogData, load: Load): Promise<Acted> {
  if (load.is === 'failed') return givenUp(context, data, load);
  const mark = markIn((await standing(context.port, placeOf(data), { signal: context.signal })).annotations[MARK]);
  const until = `until ${clock(mark?.endsAt ?? context.endsAt ?? context.now() + USUAL_MS)}`;
  if (load.is === 'loaded') {
    const who = load.pods === 1 ? 'The CoreDNS pod logs' : `All ${load.pods} CoreDNS pods log`;
    return { outcome: 'applied', says: `${who} queries now, ${until}`, next: [], undoable: true };
  }
  const missing = load.pods.join(', ');
  if (load.is === 'stopped')
    return {
      outcome: 'stopped',
      says: `the Corefile is written, ${until}; ${missing} had not loaded it yet`,
      next: ['Undo it to end it now.'],
      undoable: true,
    };
  const next = [`Undo it, and see why: kubectl -n ${data.pods.namespace} logs ${load.pods[0] ?? '-l k8s-app=kube-dns'} --tail 50`];
  return { outcome: 'failed', says: `the Corefile is written, but after three minutes ${missing} had not loaded it`, next, undoable: true };
}

/** Pods that do not reload are replaced; null: they run it, else what came of it. */
async function restarted(context: ActContext, { replace }: QueryLogData, replaces: Replaces): Promise<Acted | null> {
  const acted = replace === null ? null : await replaces(context, replace);
  if (acted === null || acted.outcome === 'applied') return null;
  const next = [...acted.next, 'Undo it: it takes the lines out, and replaces the pods that have them.'];
  const outcome = acted.outcome === 'stopped' ? 'stopped' : 'failed';
  return { outcome, says: `the Corefile is written; ${acted.says}`, next, undoable: true };
}

/**
 * Switches the query log on, and waits until every pod has loaded it; pods that do not reload are replaced one after the other. What a pod refuses is
 * taken out again at once.
 */
export async function switchOn(context: ActContext, data: QueryLogData, replaces: Replaces = replacePods): Promise<Acted> {
  if (context.stopping.aborted)
    return { outcome: 'stopped', says: 'it was stopped before anything was written', next: [], undoable: false };
  const place = placeOf(data);
  const stands = await standing(context.port, place, { signal: context.signal });
  // what has begun is gone on with, however the pods are
  const why = stands.text === data.before ? await readiness(context, data) : null;
  if (why !== null) return { outcome: 'refused', says: why, next: ['Check again: a new plan is made from that.'], undoable: false };
  const since = context.now();
  const came = await rewrite(context, place, (now) => judgeOn(context, data, now));
  if (came.is === 'refused') return refusal(context, place, came.says, 'Check again: a new plan is made from that.');
  if (came.is === 'lost') {
    const says = `whether ${nameOf(place)} was written is not known: ${came.says}`;
    return { outcome: 'failed', says, next: ['Undo it: it takes the lines out where they are.'], undoable: true };
  }
  const halted = await restarted(context, data, replaces);
  if (halted !== null) return halted;
  const began = came.is === 'written' ? since : (markIn(stands.annotations[MARK])?.since ?? since);
  return loaded(context, data, await untilLoaded(context, data.pods, { sha512: data.loadedAfter, since: began }));
}
