import type { ProbeSettings } from '../domain/settings.ts';
import { startDeadline, waitFor } from './deadline.ts';
import { ephemeralProbe } from './ephemeral-probe.ts';
import { closed, podsOfRun, type PodsOfRun } from './pods-of-run.ts';
import type { CallOptions, ClusterPort } from './port.ts';
import { type OurPods, PROBE_CONTAINER, probePod, type ProbeRun } from './probe-manifest.ts';
import type { ProbePod, ProbePods, ProbeSpec } from './probe-port.ts';
import { probeAt, type ProbePlace } from './probe-script.ts';
import { findResidents, residentProbe, type Residents } from './resident-probe.ts';

const START_MS = 25_000;

/** What the pods of one run share. */
interface Workshop {
  settings: ProbeSettings;
  run: ProbeRun;
  pods: PodsOfRun;
  residents: Residents;
}

/** The probe pods of one run. Nothing is created before the first `start`. */
export function createProbePods(port: ClusterPort, settings: ProbeSettings, run: ProbeRun): ProbePods {
  const where: OurPods = { namespace: settings.namespace, kind: 'probe' };
  const pods = podsOfRun(port, where, run.id);
  const workshop: Workshop = { settings, run, pods, residents: findResidents(port, settings.namespace) };
  const places = new Map<string, Promise<ProbePlace>>();
  const shared = async (key: string, make: () => Promise<ProbePlace>, options: CallOptions): Promise<ProbePod> => {
    if (pods.closing.aborted) throw closed(where);
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
      shared(`ephemeral ${namespace}/${pod}`, () => ephemeralProbe(port, settings, run, { namespace, pod }, pods.closing), options),
    close: () => pods.close(),
  };
}

async function startPod({ settings, run, pods, residents }: Workshop, spec: ProbeSpec): Promise<ProbePlace> {
  const resident = await residentProbe(residents, settings.namespace, spec);
  if (resident) return resident;
  const pod = await pods.start(probePod(spec, settings, run), spec.node);
  return { namespace: settings.namespace, pod, container: PROBE_CONTAINER, node: spec.node };
}

function keyOf({ node, dnsPolicy, dnsConfig, hostNetwork, role }: ProbeSpec): string {
  return JSON.stringify([node, dnsPolicy, dnsConfig ?? null, hostNetwork ?? false, role]);
}
