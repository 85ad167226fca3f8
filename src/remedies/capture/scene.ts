import { Failure } from '../../base/failure.ts';
import type { CaptureClient, CapturePlace } from '../../cluster/capture-port.ts';
import type { ProbePod } from '../../cluster/probe-port.ts';
import type { ActContext, Capturing } from '../remedy.ts';
import type { Begun } from './begin-script.ts';
import { type CaptureData, type EnteredPod, type PlannedPoint, podSeconds } from './data.ts';
import type { Left } from './places.ts';

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
    await context.wrote({ object, how: 'uid' in place || place.wholeNode ? 'created' : 'patched', resourceVersion: null });
  }
  return place;
}

const entered = ({ namespace, pod, uid, ips }: CaptureClient): EnteredPod => ({ namespace, name: pod, uid, ips, hostNetwork: false });

const isOwnClient = ({ role, pod }: PlannedPoint): boolean => role === 'client' && pod === null;

const clientFrom = (place: CapturePlace, { id, label }: PlannedPoint, what: Begun['what']): SceneClient => ({
  ...{ id, label, directory: place.directory, what },
  run: (script, options) => place.run(script, options),
});

/** One point from a privileged pod on its node. */
async function fromNode(place: CapturePlace | Failure, { pods }: Capturing, planned: PlannedPoint, seconds: number): Promise<Found> {
  if (isFailure(place)) return { failed: [{ label: planned.label, why: place.message }] };
  const own = isOwnClient(planned) ? await pods.client(planned.node, seconds).catch(failure) : null;
  if (isFailure(own)) return { failed: [{ label: planned.label, why: own.message }] };
  const point = own === null ? planned : { ...planned, pod: entered(own), addresses: own.ips };
  const what = point.pod ?? 'host';
  return { points: [{ point, place, what }], clients: point.role === 'client' ? [clientFrom(place, point, what)] : [] };
}

/** One point from inside its pod; a client of ours only asks. */
async function fromInside(context: ActContext, { pods }: Capturing, planned: PlannedPoint, seconds: number): Promise<Found> {
  const { label, role, node, pod } = planned;
  const start = pod === null ? () => pods.client(node, seconds) : () => pods.inside(pod.namespace, pod.name, seconds);
  const place = await placed(context, start);
  if (isFailure(place)) return { failed: [{ label, why: place.message }] };
  return {
    points: pod === null ? [] : [{ point: planned, place, what: 'own' }],
    clients: role === 'client' ? [clientFrom(place, planned, 'own')] : [],
  };
}

/** Starts all that captures, side by side. What does not start is told, and the others go on. */
export async function setScene(context: ActContext, capturing: Capturing, data: CaptureData): Promise<Scene> {
  const { way, points } = data;
  const seconds = podSeconds(data);
  const places = new Map<string, Promise<CapturePlace | Failure>>();
  const onNode = (node: string): Promise<CapturePlace | Failure> => {
    const place = places.get(node) ?? placed(context, () => capturing.pods.at(node, seconds));
    places.set(node, place);
    return place;
  };
  const found: Found[] = await Promise.all(
    points.map(async (point) =>
      way === 'node' ? fromNode(await onNode(point.node), capturing, point, seconds) : fromInside(context, capturing, point, seconds),
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
