import { Failure } from '../base/failure.ts';
import type { ProbeSettings } from '../domain/settings.ts';
import { startDeadline, waitFor } from './deadline.ts';
import { ephemeralProbe } from './ephemeral-probe.ts';
import type { CallOptions, ClusterPort, Json } from './port.ts';
import { createProbePod } from './probe-create.ts';
import { PROBE_CONTAINER, probePod, type ProbeRun, RUN_LABEL } from './probe-manifest.ts';
import type { ProbePod, ProbePods, ProbeSpec } from './probe-port.ts';
import { probeAt, type ProbePlace } from './probe-script.ts';
import { podProgress } from './probe-state.ts';
import { type NextLook, pauseAfter, sharedLook, untilRunning } from './probe-wait.ts';
import { findResidents, residentProbe, type Residents } from './resident-probe.ts';

const START_MS = 25_000;
const CLOSE_MS = 5_000;

/** What the pods of one run share. `creating` holds requests on their way, so that `close` misses no pod. */
interface Workshop {
  port: ClusterPort;
  settings: ProbeSettings;
  run: ProbeRun;
  look: NextLook;
  residents: Residents;
  creating: Set<Promise<unknown>>;
  created: Set<string>;
  closing: AbortController;
}

/** The probe pods of one run. Nothing is created before the first `start`. */
export function createProbePods(port: ClusterPort, settings: ProbeSettings, run: ProbeRun): ProbePods {
  const closing = new AbortController();
  const look = sharedLook(() => podsOfRun(port, settings, run), closing.signal);
  const residents = findResidents(port, settings.namespace);
  const workshop: Workshop = { port, settings, run, look, residents, creating: new Set(), created: new Set(), closing };
  const places = new Map<string, Promise<ProbePlace>>();
  const shared = async (key: string, make: () => Promise<ProbePlace>, options: CallOptions): Promise<ProbePod> => {
    if (closing.signal.aborted) throw closed();
    let place = places.get(key);
    if (!place) places.set(key, (place = make()));
    const deadline = startDeadline({ timeoutMs: START_MS, ...options }, 'start of a probe pod');
    return waitFor(place, deadline.signal)
      .then((found) => probeAt(port, found))
      .finally(() => deadline.clear());
  };
  return {
    start: (spec, options = {}) => shared(keyOf(spec), () => startPod(workshop, spec), options),
    ephemeral: (namespace, pod, options = {}) =>
      shared(`ephemeral ${namespace}/${pod}`, () => ephemeralProbe(port, settings, run, { namespace, pod }, closing.signal), options),
    close: () => removeAll(workshop),
  };
}

async function startPod(workshop: Workshop, spec: ProbeSpec): Promise<ProbePlace> {
  const { port, settings, run, residents, closing } = workshop;
  const resident = await residentProbe(residents, settings.namespace, spec);
  if (resident) return resident;
  closing.signal.throwIfAborted();
  const name = await create(workshop, probePod(spec, settings, run));
  const start = performance.now();
  const look = async () => {
    const pods = await workshop.look(pauseAfter(performance.now() - start));
    const pod = pods.get(name);
    return pod
      ? podProgress(pod)
      : ({ state: 'failed', failure: new Failure('error', 'the probe pod was deleted while it started') } as const);
  };
  await untilRunning({ port, namespace: settings.namespace, pod: name, node: spec.node, look });
  return { namespace: settings.namespace, pod: name, container: PROBE_CONTAINER, node: spec.node };
}

/** A pod that is being created when `close` begins is created first and deleted then: an aborted POST may have taken effect. */
async function create({ port, settings, creating, created }: Workshop, pod: Json): Promise<string> {
  const request = createProbePod(port, settings, pod).then((made) => {
    const name = String(made['metadata']?.['name'] ?? '');
    created.add(name);
    return name;
  });
  creating.add(request);
  try {
    return await request;
  } finally {
    creating.delete(request);
  }
}

async function podsOfRun(port: ClusterPort, settings: ProbeSettings, run: ProbeRun): Promise<Map<string, Json>> {
  const { items } = await port.list(`/api/v1/namespaces/${settings.namespace}/pods`, { labelSelector: `${RUN_LABEL}=${run.id}` });
  return new Map(items.map((pod) => [String(pod['metadata']?.['name']), pod]));
}

/**
 * Deletes what was created, in at most 5 s; rejects with a Failure when something stays. The namespace stays in any case, for it may hold
 * labels and quotas of the cluster's owner.
 */
async function removeAll({ port, settings, creating, created, closing }: Workshop): Promise<void> {
  closing.abort(closed());
  const deadline = startDeadline({ timeoutMs: CLOSE_MS }, 'removal of the probe pods');
  const remove = async () => {
    await Promise.allSettled(creating);
    const names = [...created];
    created.clear();
    const path = `/api/v1/namespaces/${settings.namespace}/pods`;
    const query = { gracePeriodSeconds: '0' };
    const removals = await Promise.allSettled(names.map((name) => port.delete(`${path}/${name}`, query, { signal: deadline.signal })));
    refuseLeft(settings.namespace, names, removals);
  };
  await waitFor(remove(), deadline.signal).finally(() => deadline.clear());
}

/** Throws a Failure when pods stay; one that is gone already does not. */
function refuseLeft(namespace: string, names: readonly string[], removals: readonly PromiseSettledResult<unknown>[]): void {
  const left = removals.flatMap((removal, index) => {
    const gone = removal.status === 'fulfilled' || (removal.reason instanceof Failure && removal.reason.reason === 'missing');
    return gone ? [] : [{ name: names[index], error: removal.reason as unknown }];
  });
  const [first] = left;
  if (first === undefined) return;
  const why = first.error instanceof Failure ? first.error : new Failure('error', String(first.error));
  const pods = left.map(({ name }) => `${namespace}/${name}`).join(', ');
  throw new Failure(
    why.reason,
    `probe pods were left behind: ${pods} (they end by themselves; dns-medic sweep removes them): ${why.message}`,
    { allow: why.allow },
  );
}

function keyOf({ node, dnsPolicy, dnsConfig, hostNetwork, role }: ProbeSpec): string {
  return JSON.stringify([node, dnsPolicy, dnsConfig ?? null, hostNetwork ?? false, role]);
}

function closed(): Failure {
  return new Failure('skipped', 'the run is over: no more probe pods');
}
