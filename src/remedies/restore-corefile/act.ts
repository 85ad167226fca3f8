import { nameOf, type Place, replaceText, shown } from '../corefile/config-map.ts';
import { replacePods } from '../pods/replace-pods.ts';
import type { Acted, ActContext } from '../remedy.ts';
import type { RestoreData } from './data.ts';
import { evictFailing, type TakenOver, takenOver } from './take-over.ts';

const seePods = ({ pods, namespace }: RestoreData): string =>
  `See the pods: kubectl -n ${pods?.namespace ?? namespace} get pods -o wide${pods === null ? '' : ` -l '${pods.selector}'`}`;

function edited(place: Place, text: string | null): Acted {
  const says = text === null ? `${nameOf(place)} has no ${place.key} any more` : 'somebody has edited the Corefile since this was planned';
  return {
    outcome: 'refused',
    says,
    next: [`There stands now: ${shown(text)}`, 'Check again: a new plan is made from that.'],
    undoable: false,
  };
}

/** No answer came, nor to the question what stands there. */
const lost = (data: RestoreData, says: string, undoable: boolean): Acted => ({
  outcome: 'failed',
  says: `whether ${nameOf(data)} was written is not known: ${says}`,
  next: [`See what stands there: kubectl -n ${data.namespace} get configmap ${data.configMap} -o yaml`],
  undoable,
});

const stopped: Acted = { outcome: 'stopped', says: 'it was stopped before anything was written', next: [], undoable: false };

const runIt = (names: readonly string[]): string =>
  names.length === 1 ? `the CoreDNS pod ${names[0] ?? ''} runs it` : `all ${names.length} CoreDNS pods run it`;

function outcome({ stopping }: ActContext, data: RestoreData, { done, missing }: TakenOver, undoable: boolean): Acted {
  const written = `the Corefile in ${nameOf(data)} is written`;
  if (missing.length === 0) return { outcome: 'applied', says: `${written}, and ${runIt(done)}`, next: [], undoable };
  const why = missing.map(({ name, says }) => `${name} (${says})`).join(', ');
  const says = `${written}, but ${stopping.aborted ? 'when it was stopped' : 'in time'} not every pod had taken it over: ${why}`;
  const next = [seePods(data), ...(data.before?.reloads === false ? ['Restart CoreDNS: its pods do not reload by themselves.'] : [])];
  return { outcome: stopping.aborted ? 'stopped' : 'failed', says, next, undoable };
}

async function replaced(context: ActContext, replace: NonNullable<RestoreData['replace']>, undoable: boolean): Promise<Acted> {
  const acted = await replacePods(context, replace);
  const says = `the Corefile is written; ${acted.says}`;
  // it is written: whatever came of the pods, something was done
  return { ...acted, outcome: acted.outcome === 'refused' ? 'failed' : acted.outcome, says, undoable };
}

/** Writes the Corefile, has pods that serve nobody start anew, and waits until all pods run it. */
export async function restore(context: ActContext, data: RestoreData): Promise<Acted> {
  if (context.stopping.aborted) return stopped;
  const since = context.now();
  const undoable = data.before !== null;
  const written = await replaceText(context, data, data.before?.text ?? null, data.after.text);
  if (written.is === 'edited') return edited(data, written.text);
  if (written.is === 'lost') return lost(data, written.says, undoable);
  if (data.pods === null) return { outcome: 'applied', says: `the Corefile in ${nameOf(data)} is written`, next: [], undoable };
  const slow = await evictFailing(context, data);
  if (data.replace !== null) return replaced(context, data.replace, undoable);
  return outcome(context, data, await takenOver(context, data.pods, { running: data.after.running, since, slow }), undoable);
}

/** Puts the text back that stood there before, byte for byte, and waits for the pods where they can take it over. */
export async function putBack(context: ActContext, data: RestoreData): Promise<Acted> {
  const { before, after, pods } = data;
  if (before === null) return { outcome: 'refused', says: 'nothing stood there before', next: [], undoable: false };
  if (context.stopping.aborted) return stopped;
  const since = context.now();
  const written = await replaceText(context, data, after.text, before.text);
  if (written.is === 'edited') return edited(data, written.text);
  if (written.is === 'lost') return lost(data, written.says, false);
  const says = `the Corefile in ${nameOf(data)} is as it was, byte for byte`;
  if (before.running === null || !after.reloads || pods === null) {
    const why = after.reloads ? 'whether CoreDNS takes it over cannot be proved' : 'its pods do not reload by themselves: restart CoreDNS';
    return { outcome: 'applied', says: `${says}; ${why}`, next: [seePods(data)], undoable: false };
  }
  const { done, missing } = await takenOver(context, pods, { running: before.running, since });
  const rest =
    missing.length === 0
      ? runIt(done)
      : `within three minutes these pods did not take it over: ${missing.map(({ name }) => name).join(', ')}`;
  return { outcome: 'applied', says: `${says}; ${rest}`, next: missing.length === 0 ? [] : [seePods(data)], undoable: false };
}
