import { Failure } from '../base/failure.ts';
import type { ClusterSettings, ProbeSettings } from '../domain/settings.ts';
import { CAPTURE_CONTAINER, CAPTURE_DIRECTORY, captureContainerPatch, capturePod } from './capture-manifest.ts';
import type { CapturePlace, CapturePods } from './capture-port.ts';
import { sleep } from './deadline.ts';
import { podsOfRun, type PodsOfRun } from './pods-of-run.ts';
import type { ClusterPort, ExecOptions, Json } from './port.ts';
import type { OurPods, ProbeRun } from './probe-manifest.ts';
import { probeAt } from './probe-script.ts';
import { ephemeralProgress } from './probe-state.ts';
import { untilRunning } from './probe-wait.ts';

const LOOK_MS = 200;
const PATCH = 'application/strategic-merge-patch+json';

type Where = Pick<ExecOptions, 'namespace' | 'pod'> & { container: string; node: string };

interface Workshop {
  port: ClusterPort;
  settings: ProbeSettings;
  pods: PodsOfRun;
}

/** The places to capture of one order, by its id. Nothing is made before it is asked for. */
export function createCapturePods(port: ClusterPort, { probe, capture }: ClusterSettings, id: string): CapturePods {
  const where: OurPods = { namespace: capture.namespace, kind: 'capture' };
  const workshop: Workshop = { port, settings: probe, pods: podsOfRun(port, where, id) };
  const run = (deadlineSeconds: number): ProbeRun => ({ id, deadlineSeconds });
  const places = new Map<string, Promise<CapturePlace>>();
  const once = (key: string, make: () => Promise<CapturePlace>): Promise<CapturePlace> => {
    const place = places.get(key) ?? make();
    places.set(key, place);
    return place;
  };
  return {
    at: (node, seconds) => once(node, () => onNode(workshop, run(seconds), capture.namespace, node)),
    inside: (namespace, pod, seconds) => once(`${namespace}/${pod}`, () => insidePod(workshop, run(seconds), { namespace, pod })),
    close: () => workshop.pods.close(),
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

async function foundOn({ pods }: Workshop, node: string): Promise<string | null> {
  try {
    const found = [...(await pods.found())].find(([, pod]) => livesOn(pod, node));
    return found?.[0] ?? null;
  } catch (error) {
    // the namespace is not there yet
    if (error instanceof Failure && error.reason === 'missing') return null;
    throw error;
  }
}

async function onNode(workshop: Workshop, run: ProbeRun, namespace: string, node: string): Promise<CapturePlace> {
  const { port, settings, pods } = workshop;
  const found = await foundOn(workshop, node);
  if (found !== null) await pods.adopt(found, node);
  const pod = found ?? (await pods.start(capturePod(node, settings, run), node));
  const where = { namespace, pod, container: CAPTURE_CONTAINER, node };
  return placeAt(port, where, { directory: CAPTURE_DIRECTORY, wholeNode: true, made: found === null });
}

/** The name says of which order it is: a second attempt finds it. */
const containerName = ({ id }: ProbeRun): string => `dns-medic-capture-${id.slice(0, 10)}`;

const isIn = (pod: Json, container: string): boolean => {
  const all: unknown = pod['spec']?.['ephemeralContainers'];
  return Array.isArray(all) && (all as Json[]).some((one) => one?.['name'] === container);
};

async function insidePod(
  { port, settings, pods }: Workshop,
  run: ProbeRun,
  target: { namespace: string; pod: string },
): Promise<CapturePlace> {
  const path = `/api/v1/namespaces/${encodeURIComponent(target.namespace)}/pods/${encodeURIComponent(target.pod)}`;
  const signal = pods.closing;
  const before = await port.get(path, {}, { signal });
  const where = { ...target, container: containerName(run), node: String(before['spec']?.['nodeName'] ?? '') };
  const made = !isIn(before, where.container);
  if (made) await port.patch(`${path}/ephemeralcontainers`, captureContainerPatch(where.container, settings, run), PATCH, { signal });
  const look = async () => {
    await sleep(LOOK_MS, signal);
    return ephemeralProgress(await port.get(path, {}, { signal }), where.container, settings.image);
  };
  await untilRunning({ port, ...where, look });
  return placeAt(port, where, { directory: '/tmp/dns-medic', wholeNode: false, made });
}
