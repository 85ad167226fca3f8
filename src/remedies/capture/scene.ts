import { Failure } from '../../base/failure.ts';
import type { CapturePlace } from '../../cluster/capture-port.ts';
import type { ProbePod } from '../../cluster/probe-port.ts';
import { livePod } from '../pods/live-pod.ts';
import type { ActContext, Capturing } from '../remedy.ts';
import type { Begun } from './begin-script.ts';
import { type CaptureData, type EnteredPod, type PlannedPoint, podSeconds } from './data.ts';
import { entered, type Left } from './places.ts';

/** A point with the place that it is captured from. */
export interface ScenePoint {
  point: PlannedPoint;
  place: CapturePlace;
  what: Begun['what'];
}

/** A client with the place that its queries are sent from. */
export interface SceneClient {
  id: string;
  label: string;
  run: ProbePod['run'];
  directory: string;
  what: Begun['what'];
}

/** All that is there to capture with. */
export interface Scene {
  points: ScenePoint[];
  clients: SceneClient[];
  failed: Left[];
}

type Found = { points?: ScenePoint[]; clients?: SceneClient[]; failed?: Left[] };

const failure = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  throw error;
};

const isFailure = (found: unknown): found is Failure => found instanceof Failure;

/** Starts what captures on a node or in a pod, and tells what was written. */
async function placed(context: ActContext, start: () => Promise<CapturePlace>): Promise<CapturePlace | Failure> {
  context.mayWrite();
  const place = await start().catch(failure);
  if (!isFailure(place) && place.made) {
    const object = { apiVersion: 'v1', kind: 'Pod', namespace: place.namespace, name: place.pod };
    await context.wrote({ object, how: place.wholeNode ? 'created' : 'patched', resourceVersion: null });
  }
  return place;
}

/** A probe pod of ours as something whose network can be entered. Rejects with a Failure. */
async function ownPod({ port, probes, settings, signal }: ActContext, node: string): Promise<{ probe: ProbePod; pod: EnteredPod }> {
  const probe = await probes.start({ node, dnsPolicy: 'ClusterFirst', role: 'probe' }, { signal });
  const path = `/api/v1/namespaces/${encodeURIComponent(probe.namespace)}/pods`;
  const { items } = await port.list(path, { fieldSelector: `metadata.name=${probe.name}`, limit: 2, signal });
  const pod = livePod(items[0]);
  if (pod === null) throw new Failure('missing', `the probe pod ${settings.probe.namespace}/${probe.name} is gone`);
  return { probe, pod: entered(pod) };
}

const withPod = (point: PlannedPoint, pod: EnteredPod): PlannedPoint => ({ ...point, pod, addresses: pod.ips });

const isOwnClient = ({ role, pod }: PlannedPoint): boolean => role === 'client' && pod === null;

/** One point from a privileged pod on its node. */
async function fromNode(context: ActContext, place: CapturePlace | Failure, planned: PlannedPoint): Promise<Found> {
  const { label } = planned;
  if (isFailure(place)) return { failed: [{ label, why: place.message }] };
  const own = isOwnClient(planned) ? await ownPod(context, planned.node).catch(failure) : null;
  if (isFailure(own)) return { failed: [{ label, why: own.message }] };
  const point = own === null ? planned : withPod(planned, own.pod);
  const what = point.pod ?? 'host';
  const { id, role } = point;
  return {
    points: [{ point, place, what }],
    clients:
      role === 'client' ? [{ id, label, run: (script, options) => place.run(script, options), directory: place.directory, what }] : [],
  };
}

/** One point from inside its pod; a client of ours only asks. */
async function fromInside(context: ActContext, { pods }: Capturing, planned: PlannedPoint, seconds: number): Promise<Found> {
  const { id, label, role, node, pod } = planned;
  const directory = `/tmp/dns-medic-${context.change.slice(0, 10)}`;
  if (pod === null) {
    const own = await ownPod(context, node).catch(failure);
    if (isFailure(own)) return { failed: [{ label, why: own.message }] };
    return { clients: [{ id, label, run: (script, options) => own.probe.run(script, options), directory, what: 'own' }] };
  }
  const place = await placed(context, () => pods.inside(pod.namespace, pod.name, seconds));
  if (isFailure(place)) return { failed: [{ label, why: place.message }] };
  const client: SceneClient = { id, label, run: (script, options) => place.run(script, options), directory: place.directory, what: 'own' };
  return { points: [{ point: planned, place, what: 'own' }], clients: role === 'client' ? [client] : [] };
}

/** Starts all that captures, side by side. What does not start is told, and the others go on. */
export async function setScene(context: ActContext, capturing: Capturing, data: CaptureData): Promise<Scene> {
  const { way, points } = data;
  const places = new Map<string, Promise<CapturePlace | Failure>>();
  const onNode = (node: string): Promise<CapturePlace | Failure> => {
    const place = places.get(node) ?? placed(context, () => capturing.pods.at(node, podSeconds(data)));
    places.set(node, place);
    return place;
  };
  const found: Found[] = await Promise.all(
    points.map(async (point) =>
      way === 'node' ? fromNode(context, await onNode(point.node), point) : fromInside(context, capturing, point, podSeconds(data)),
    ),
  );
  return {
    points: found.flatMap((one) => one.points ?? []),
    clients: found.flatMap((one) => one.clients ?? []),
    failed: found.flatMap((one) => one.failed ?? []),
  };
}

/** The points of each place, for one script does for all of them. */
export const byPlace = (points: readonly ScenePoint[]): [CapturePlace, ScenePoint[]][] => [...Map.groupBy(points, ({ place }) => place)];
