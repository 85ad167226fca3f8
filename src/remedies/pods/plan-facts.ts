import { sha512Hex } from '../../base/sha512.ts';
import type { Corefile, CorednsWorkload } from '../../domain/coredns.ts';
import type { Lookups } from '../../domain/lookups.ts';
import type { DnsService } from '../../domain/service.ts';
import type { Evidence, ReadingData, ReadingId } from '../../domain/evidence.ts';
import { goDuration } from '../../formats/corefile/plugins/go-values.ts';
import { selectorText } from '../../rules/selector-text.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import { ASIDE } from './aside.ts';
import { asideLabels } from './aside-labels.ts';
import { type Budget, budgetsOf } from './budget.ts';
import { placesIn, questionsFrom } from './from-lookups.ts';
import { lameduckOf } from './from-logs.ts';
import type { PodGates } from './gates.ts';
import { type LivePod, livePods, toServe } from './live-pod.ts';
import { corefileRefusal, podsRefusal, rolloutRefusal, Workload } from './plan-refusals.ts';
import { workloadPath } from './unchanged.ts';

/** A workload whose pods can be replaced one by one. */
type Rolled = CorednsWorkload & { kind: 'Deployment' | 'DaemonSet' };

/** What a plan to replace CoreDNS pods is made from. */
export interface PodFacts {
  gates: PodGates;
  /** The pods that are to serve, as they are now. */
  pods: LivePod[];
  workload: CorednsWorkload;
  corefile: Corefile;
  /** Null: may not be read. */
  budgets: Budget[] | null;
  /** Names of pods that an order before this one put aside and left so. */
  left: string[];
}

/** The data of a reading, or why there is no plan without it. */
function needed<K extends ReadingId>(evidence: Evidence, id: K, what: string): ReadingData[K] | NoDraft {
  const reading = evidence[id];
  if (reading?.status === 'ok') return reading.data;
  const why = reading === undefined ? 'it was not looked at' : reading.message;
  return { why: reading?.reason === 'missing' ? 'not-here' : 'unknown', says: `${what} could not be read: ${why}` };
}

const isNone = (value: object): value is NoDraft => 'why' in value && 'says' in value;

/** The port that plain DNS is served on: 53, unless the Corefile has it elsewhere. */
function servedPort({ servers }: Corefile): number {
  const zones = servers.flatMap((server) => server.zones).filter(({ transport }) => transport === 'dns');
  return (zones.find(({ zone }) => zone === '.') ?? zones[0])?.port ?? 53;
}

/** What the cluster says now. Rejects with a Failure. */
async function liveFacts({ port, signal }: PlanContext, { workload, corefile, service }: Readings) {
  const { namespace, name, podLabels } = workload;
  const options = { signal };
  const selector = selectorText(workload.selector);
  const configMap = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(corefile.configMap)}`;
  const [key] = Object.keys(service.selector);
  const [json, map, all, budgets, left] = await Promise.all([
    port.get(workloadPath({ kind: workload.kind, namespace, name }), {}, options),
    port.get(configMap, {}, options),
    livePods(port, { namespace, selector }, options),
    budgetsOf(port, { namespace, labels: podLabels }, options),
    key === undefined ? [] : livePods(port, { namespace, selector: `${key}=${ASIDE}` }, options),
  ]);
  const text: unknown = map['data']?.[corefile.key];
  return {
    json: Workload.parse(json),
    sha512: typeof text === 'string' ? sha512Hex(text) : null,
    selector,
    all,
    budgets,
    left: toServe(left).map((pod) => pod.name),
  };
}

interface Readings {
  workload: Rolled;
  corefile: Corefile;
  service: DnsService;
  lookups: Lookups;
}

/** The readings that a plan rests on, or why there is none without them. */
function readingsFor({ evidence }: PlanContext): Readings | NoDraft {
  const workload = needed(evidence, 'coredns-workload', 'the workload of CoreDNS');
  const corefile = needed(evidence, 'corefile', 'the Corefile');
  const service = needed(evidence, 'dns-service', 'the DNS Service');
  const lookups = needed(evidence, 'lookups', 'what the pods answer');
  if (isNone(workload)) return workload;
  if (workload.kind === 'StatefulSet')
    return { why: 'not-here', says: `CoreDNS is a StatefulSet here (${workload.name}): it is left to whoever made it so` };
  if (isNone(corefile)) return corefile;
  if (isNone(service)) return { ...service, why: 'unknown' };
  if (isNone(lookups)) return lookups;
  if (placesIn(lookups).length === 0)
    return { why: 'unknown', says: 'no probe pod could be started, so nobody can ask whether the pods answer' };
  return { workload: { ...workload, kind: workload.kind }, corefile, service, lookups };
}

/** Whether the Corefile was edited since it was judged; one that is longer than what is kept of it cannot be compared. */
const wasEdited = ({ text, bytes }: Corefile, sha512: string | null): boolean =>
  sha512 === null || (Buffer.byteLength(text) === bytes && sha512Hex(text) !== sha512);

/**
 * What a plan to replace CoreDNS pods is made from, or why there is none: what it depends on was not read, a new pod would not start, pods are
 * being replaced already, or nobody would make another. Rejects with a Failure.
 */
export async function podFacts(context: PlanContext): Promise<PodFacts | NoDraft> {
  const readings = readingsFor(context);
  if ('why' in readings) return readings;
  const { workload, corefile, service, lookups } = readings;
  const bad = corefileRefusal(context, corefile);
  if (bad !== null) return bad;
  const { json, sha512, selector, all, budgets, left } = await liveFacts(context, readings);
  const refusal = rolloutRefusal(workload, json) ?? podsRefusal(all, selector);
  if (refusal !== null) return refusal;
  if (sha512 === null || wasEdited(corefile, sha512))
    return { why: 'unknown', says: 'the Corefile was edited just now', next: ['Check again.'] };
  const pods = toServe(all);
  const network = context.evidence['network-policies'];
  const policies = network?.status === 'ok' ? network.data.policies : [];
  const { namespace, name } = workload;
  const gates: PodGates = {
    workload: { kind: workload.kind, namespace, name, generation: json.metadata.generation },
    selector,
    service: { namespace: service.namespace, name: service.name },
    dnsPort: servedPort(corefile),
    corefile: { namespace: corefile.namespace, configMap: corefile.configMap, key: corefile.key, sha512 },
    known: all.map(({ uid }) => uid),
    ready: pods.filter(({ ready }) => ready).map(({ uid }) => uid),
    count: pods.length,
    aside: asideLabels(workload, service, pods, policies),
    lameduckMs: Math.max(0, 1_000 * goDuration(lameduckOf(corefile) ?? '0').value),
    graceMs: 1_000 * workload.terminationGraceSeconds,
    places: placesIn(lookups),
    questions: questionsFrom(lookups),
  };
  return { gates, pods, workload, corefile, budgets, left };
}
