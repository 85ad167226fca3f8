import type { Json } from '../../cluster/port.ts';
import type { Corefile, CorednsWorkload } from '../../domain/coredns.ts';
import type { Plan } from '../../domain/plan.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';
import { selectorText } from '../../rules/selector-text.ts';
import { ownerOf } from '../kit/owners.ts';
import { seen, unread } from '../kit/read.ts';
import { type LivePod, livePods, toServe } from '../pods/live-pod.ts';
import { planned } from '../pods/draft.ts';
import { type Place, refOf, standing as standingAt } from '../corefile/config-map.ts';
import { podFacts } from '../pods/plan-facts.ts';
import { sha512Hex } from '../../base/sha512.ts';
import { MARK } from '../query-log/mark.ts';
import type { Draft, NoDraft, PlanContext } from '../remedy.ts';
import { type Chosen, choose, textFacts } from './choose.ts';
import type { RestoreData, Source } from './data.ts';
import { lostParts } from './local-parts.ts';
import { textDiff } from './text-diff.ts';

/** What a plan is made from. */
interface Facts {
  place: Place;
  workload: CorednsWorkload | undefined;
  json: Json | null;
  standing: string | null;
  pods: LivePod[];
}

const stillMs = 600_000;

function placeOf({ evidence }: PlanContext): Place | NoDraft {
  const [corefile, workload] = [seen(evidence, 'corefile'), seen(evidence, 'coredns-workload')];
  if (corefile !== undefined) return { namespace: corefile.namespace, configMap: corefile.configMap, key: corefile.key };
  if (workload === undefined) return unread(evidence, 'coredns-workload', 'the workload of CoreDNS');
  if (workload.configMap === null) return { why: 'not-here', says: 'CoreDNS does not take its Corefile from a ConfigMap' };
  return { namespace: workload.namespace, configMap: workload.configMap, key: workload.corefileKey };
}

const podsOf = (workload: CorednsWorkload | undefined): RestoreData['pods'] => {
  const selector = workload === undefined ? '' : selectorText(workload.selector);
  return workload === undefined || selector === '' ? null : { namespace: workload.namespace, selector };
};

/** Whether it was edited since it was judged; one that is longer than what is kept of it cannot be compared. */
const wasEdited = (corefile: Corefile | undefined, standing: string | null): boolean =>
  corefile !== undefined && (standing === null || (Buffer.byteLength(corefile.text) === corefile.bytes && corefile.text !== standing));

async function factsOf(context: PlanContext, source: Source): Promise<Facts | NoDraft> {
  const { port, signal, evidence } = context;
  const place = placeOf(context);
  if ('why' in place) return place;
  const workload = seen(evidence, 'coredns-workload');
  const where = podsOf(workload);
  const [{ object: json, text: standing }, all] = await Promise.all([
    standingAt(port, place, { signal }),
    where === null ? Promise.resolve([]) : livePods(port, where, { signal }),
  ]);
  if (wasEdited(seen(evidence, 'corefile'), standing))
    return { why: 'unknown', says: 'the Corefile was edited just now', next: ['Check again.'] };
  if (standing?.includes('[redacted]') === true)
    return { why: 'unsafe', says: 'parts of the Corefile are hidden from dns-medic, so it could not be put back byte for byte' };
  if (source === 'without-log' && json?.['metadata']?.['annotations']?.[MARK] !== undefined)
    return {
      why: 'owned',
      says: 'an order logs queries for a while: it takes its lines out by itself',
      next: ['Undo that order to end it now.'],
    };
  return { place, workload, json, standing, pods: toServe(all) };
}

/** Pods that serve nobody: not ready, or up again for seconds between two crashes. */
function failingOf({ pods }: Facts, { evidence, now }: PlanContext): LivePod[] {
  const lately = (at: string | null | undefined): boolean => at != null && now() - Date.parse(at) < stillMs;
  const items = seen(evidence, 'coredns-pods')?.items ?? [];
  const crashed = items.filter(({ container }) => container.restarts >= 2 && lately(container.last?.finishedAt)).map(({ name }) => name);
  const onNodes = pods.filter(({ node }) => node !== null);
  return onNodes.filter((pod) => pod.crashing || !pod.ready || (pod.restarts >= 2 && crashed.includes(pod.name)));
}

/** Ready pods whose own text has no `reload`: a new text does not come to them. */
function stuckOf({ pods, standing, workload }: Facts, failing: readonly LivePod[], { evidence }: PlanContext): LivePod[] {
  const text = standing === null ? null : textFacts(standing, workload);
  if (text === null || text.reloads || text.running === null) return [];
  const logs = seen(evidence, 'coredns-logs')?.pods ?? [];
  const runs = (name: string): string | null => logs.find(({ pod }) => pod === name)?.runningSha512 ?? null;
  return pods.filter((pod) => !failing.includes(pod) && [null, text.running].includes(runs(pod.name)));
}

/** How stuck pods are replaced, one by one; null where it cannot be done safely now. Rejects with a Failure. */
async function replacementOf(context: PlanContext, stuck: readonly LivePod[], after: string): Promise<RestoreData['replace']> {
  if (stuck.length === 0) return null;
  const facts = await podFacts(context);
  if ('why' in facts || facts.pods.filter(({ ready }) => ready).length < 2) return null;
  const { gates } = facts;
  return { pods: stuck.map(planned), gates: { ...gates, corefile: { ...gates.corefile, sha512: sha512Hex(after) } } };
}

const listed = (names: readonly string[]): string => names.join(', ');

function warningsOf({ standing, json }: Facts, { parsed, doubt }: Chosen, data: RestoreData, stuck: readonly LivePod[]): string[] {
  const lost = standing === null ? [] : lostParts(parseCorefile(standing), parsed);
  const replaced = data.replace?.pods ?? [];
  return [
    ...(doubt === undefined ? [] : [doubt]),
    ...(lost.length === 0 ? [] : [`This is lost with it, as far as it was made on purpose: ${lost.join(', ')}.`]),
    ...(json?.['metadata']?.['annotations']?.[MARK] === undefined ? [] : ['An order logs queries just now: its lines go with the text.']),
    ...(data.failing.length === 0
      ? []
      : [`Pods that serve nobody are evicted, so that they start with it at once: ${listed(data.failing.map(({ name }) => name))}.`]),
    ...(replaced.length === 0 ? [] : ['The pods that run do not reload by themselves: they are replaced, one after the other.']),
    ...(stuck.length > 0 && replaced.length === 0
      ? ['The pods that run do not reload by themselves, and cannot be replaced safely now: restart CoreDNS afterwards.']
      : []),
    ...(data.after.running === null && data.after.text.length > 0
      ? ['Whether a pod runs it cannot be proved: it depends on what only the pod knows.']
      : []),
  ];
}

const codesFor = (source: Source): Pick<Plan, 'proves'> | object =>
  source === 'without-log' ? { proves: ['diagnostic-log-left-on'] } : {};

/** The ConfigMap and what it differs in; the EKS add-on is known by its workload where the ConfigMap is gone. */
function objectOf({ place, json, workload, standing }: Facts, { text }: Chosen, cluster: string): Plan['objects'][number] {
  const gone = { metadata: { managedFields: workload?.managedBy === 'eks-addon' ? [{ manager: 'eks' }] : [] } };
  const owner = ownerOf(json ?? gone, { cluster, addonValues: { corefile: text } });
  return { object: refOf(place), does: json === null ? 'create' : 'change', diff: textDiff(standing ?? '', text), owner };
}

/** Plans to put another text in the place of the Corefile, or says why not. Rejects with a Failure. */
export async function planRestore(context: PlanContext, source: Source): Promise<Draft<RestoreData> | NoDraft> {
  const facts = await factsOf(context, source);
  if ('why' in facts) return facts;
  const { place, standing, workload } = facts;
  const chosen = await choose(context, source, standing);
  if ('why' in chosen) return chosen;
  const failing = failingOf(facts, context);
  const stuck = stuckOf(facts, failing, context);
  const data: RestoreData = {
    ...place,
    before: standing === null ? null : textFacts(standing, workload),
    after: textFacts(chosen.text, workload),
    pods: podsOf(workload),
    failing: failing.map(planned),
    replace: await replacementOf(context, stuck, chosen.text),
  };
  const pods = [...data.failing, ...(data.replace?.pods ?? [])];
  return {
    summary: `${standing === null ? 'make' : 'change'} the Corefile in ConfigMap ${place.namespace}/${place.configMap}: ${chosen.is}`,
    risk: pods.length === 0 ? 'safe' : 'disruptive',
    helps: null,
    warnings: warningsOf(facts, chosen, data, stuck),
    objects: [objectOf(facts, chosen, context.request.cluster)],
    pods,
    undo: standing === null ? null : 'The text that stands there now is put back, byte for byte.',
    endsAfterMs: null,
    ...codesFor(source),
    data,
  };
}
