import { Failure } from '../base/failure.ts';
import type { ClusterSettings } from '../domain/settings.ts';
import { CAPTURE_CONTAINER, CAPTURE_DIRECTORY, captureContainerPatch, capturePod } from './capture-manifest.ts';
import type { CaptureClient, CapturePlace, CapturePods } from './capture-port.ts';
import { sleep } from './deadline.ts';
import { podsOfRun, type PodsOfRun } from './pods-of-run.ts';
import type { ClusterPort, ExecOptions, Json } from './port.ts';
import { PROBE_CONTAINER, probePod, type ProbeRun } from './probe-manifest.ts';
import { probeAt } from './probe-script.ts';
import { ephemeralProgress } from './probe-state.ts';
import { untilRunning } from './probe-wait.ts';

const LOOK_MS = 200;
/** Where a pod that is not ours, or may write nowhere else, keeps files. */
const TEMPORARY = '/tmp/dns-medic';
const PATCH = 'application/strategic-merge-patch+json';

type Where = Pick<ExecOptions, 'namespace' | 'pod'> & { container: string; node: string };

/** `pods`: those that capture; `clients`: those that ask. */
interface Workshop {
  port: ClusterPort;
  settings: ClusterSettings;
  pods: PodsOfRun;
  clients: PodsOfRun;
}

/** The places to capture of one order, by its id. Nothing is made before it is asked for. */
export function createCapturePods(port: ClusterPort, settings: ClusterSettings, id: string): CapturePods {
  const pods = podsOfRun(port, { namespace: settings.capture.namespace, kind: 'capture' }, id);
  const clients = podsOfRun(port, { namespace: settings.probe.namespace, kind: 'probe' }, id);
  const workshop: Workshop = { port, settings, pods, clients };
  const run = (deadlineSeconds: number): ProbeRun => ({ id, deadlineSeconds });
  const inside = once((key, seconds) => {
    const [namespace = '', pod = ''] = key.split('/');
    return insidePod(workshop, run(seconds), { namespace, pod });
  });
  return {
    at: once((node, seconds) => onNode(workshop, run(seconds), node)),
    inside: (namespace, pod, seconds) => inside(`${namespace}/${pod}`, seconds),
    client: once((node, seconds) => clientOn(workshop, run(seconds), node)),
    close: async () => {
      const closed = await Promise.allSettled([pods.close(), clients.close()]);
      const failed = closed.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
  };
}

/** Makes each thing once, however often it is asked for. */
function once<T>(make: (key: string, seconds: number) => Promise<T>): (key: string, seconds: number) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (key, seconds) => {
    const one = made.get(key) ?? make(key, seconds);
    made.set(key, one);
    return one;
  };
}

function placeAt(port: ClusterPort, where: Where, more: Pick<CapturePlace, 'directory' | 'wholeNode' | 'made'>): CapturePlace {
  const { namespace, pod, container, node } = where;
  const inPlace = probeAt(port, where);
  return {
    ...more,
    namespace,
    pod,
    node,
    run: (script, options) => inPlace.run(script, options),
    read: async (path, onChunk, { bytes, ...options }) => {
      let came = 0;
      const onStdout = (chunk: Uint8Array): void => {
        came += chunk.length;
        onChunk(chunk);
      };
      const maxBytes = bytes + 64 * 1024;
      const { exitCode, stderr, truncated } = await port.exec({
        ...{ maxBytes, ...options, namespace, pod, container },
        command: ['head', '-c', String(bytes), path],
        onStdout,
      });
      if (exitCode === 0 && !truncated && came === bytes) return;
      const why = stderr.trim() === '' ? `${came} of ${bytes} bytes came` : stderr.trim().slice(0, 200);
      throw new Failure('error', `${path} of pod ${namespace}/${pod} could not be read: ${why}`);
    },
  };
}

const ENDED = ['Succeeded', 'Failed'];

/** A pod of this order that lives on that node: an attempt before has made it. */
const livesOn = (pod: Json, node: string): boolean =>
  pod['spec']?.['nodeName'] === node &&
  pod['metadata']?.['deletionTimestamp'] === undefined &&
  !ENDED.includes(String(pod['status']?.['phase']));

async function foundOn(pods: PodsOfRun, node: string): Promise<string | null> {
  try {
    const found = [...(await pods.found())].find(([, pod]) => livesOn(pod, node));
    return found?.[0] ?? null;
  } catch (error) {
    // the namespace is not there yet
    if (error instanceof Failure && error.reason === 'missing') return null;
    throw error;
  }
}

/** The pod of this order on that node: one of an attempt before, or a new one. */
async function podOn(pods: PodsOfRun, node: string, body: Json): Promise<{ pod: string; made: boolean }> {
  const found = await foundOn(pods, node);
  if (found === null) return { pod: await pods.start(body, node), made: true };
  await pods.adopt(found, node);
  return { pod: found, made: false };
}

async function onNode({ port, settings, pods }: Workshop, run: ProbeRun, node: string): Promise<CapturePlace> {
  const { pod, made } = await podOn(pods, node, capturePod(node, settings.probe, run));
  const where = { namespace: settings.capture.namespace, pod, container: CAPTURE_CONTAINER, node };
  return placeAt(port, where, { directory: CAPTURE_DIRECTORY, wholeNode: true, made });
}

const ipsOf = (pod: Json | undefined): string[] => {
  const all: unknown = pod?.['status']?.['podIPs'];
  const first: unknown = pod?.['status']?.['podIP'];
  const ips = Array.isArray(all) ? (all as Json[]).map((one) => one?.['ip'] as unknown) : [first];
  return ips.filter((ip): ip is string => typeof ip === 'string');
};

async function clientOn({ port, settings, clients }: Workshop, run: ProbeRun, node: string): Promise<CaptureClient> {
  const { namespace } = settings.probe;
  const spec = { node, dnsPolicy: 'ClusterFirst', role: 'probe' } as const;
  const { pod, made } = await podOn(clients, node, probePod(spec, settings.probe, run));
  const json = (await clients.found()).get(pod);
  const uid: unknown = json?.['metadata']?.['uid'];
  if (typeof uid !== 'string') throw new Failure('missing', `the probe pod ${namespace}/${pod} is gone`);
  const place = placeAt(port, { namespace, pod, container: PROBE_CONTAINER, node }, { directory: TEMPORARY, wholeNode: false, made });
  return { ...place, uid, ips: ipsOf(json) };
}

/** The name says of which order it is: a second attempt finds it. */
const containerName = ({ id }: ProbeRun): string => `dns-medic-capture-${id.slice(0, 10)}`;

const isIn = (pod: Json, container: string): boolean => {
  const all: unknown = pod['spec']?.['ephemeralContainers'];
  return Array.isArray(all) && (all as Json[]).some((one) => one?.['name'] === container);
};

async function insidePod(
  { port, settings: { probe }, pods }: Workshop,
  run: ProbeRun,
  target: { namespace: string; pod: string },
): Promise<CapturePlace> {
  const path = `/api/v1/namespaces/${encodeURIComponent(target.namespace)}/pods/${encodeURIComponent(target.pod)}`;
  const signal = pods.closing;
  const before = await port.get(path, {}, { signal });
  const where = { ...target, container: containerName(run), node: String(before['spec']?.['nodeName'] ?? '') };
  const made = !isIn(before, where.container);
  if (made) await port.patch(`${path}/ephemeralcontainers`, captureContainerPatch(where.container, probe, run), PATCH, { signal });
  const look = async () => {
    await sleep(LOOK_MS, signal);
    return ephemeralProgress(await port.get(path, {}, { signal }), where.container, probe.image);
  };
  await untilRunning({ port, ...where, look });
  return placeAt(port, where, { directory: TEMPORARY, wholeNode: false, made });
}
