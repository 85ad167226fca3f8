import { Failure } from '../../base/failure.ts';
import type { CapturePlace } from '../../cluster/capture-port.ts';
import { parseIp } from '../../rules/ip-address.ts';
import type { ActContext } from '../remedy.ts';
import { beginScript } from './begin-script.ts';
import type { CaptureData } from './data.ts';
import { forgetScript, lookScript } from './end-script.ts';
import { filterOf } from './filter.ts';
import type { Left } from './places.ts';
import { byPlace, type Scene, type ScenePoint } from './scene.ts';
import { type Said, saidIn } from './shell.ts';

/** What has begun. */
export interface Running {
  points: ScenePoint[];
  failed: Left[];
  /** How long it has been going on, in milliseconds: more than 0 where an attempt before began it. */
  forMs: number;
  /** Where the nodes say that names of the world are asked for. */
  upstreams: string[];
}

/** tcpdump ends itself so long after it should have been ended. */
const FORGOTTEN_SECONDS = 90;
const SCRIPT_MS = 40_000;

/** A script in a place, and what it said; what was in the way instead. */
export async function told(context: ActContext, place: Pick<CapturePlace, 'run'>, script: string): Promise<Said[] | Failure> {
  try {
    const { text, stderr, exitCode } = await place.run(script, { timeoutMs: SCRIPT_MS, maxBytes: 1 << 20, signal: context.signal });
    const said = saidIn(text);
    if (said.length > 0 || exitCode === 0) return said;
    return new Failure('error', `a script did not run: ${stderr.slice(0, 200) || `exit status ${exitCode}`}`);
  } catch (error) {
    if (error instanceof Failure && !context.signal.aborted) return error;
    throw error;
  }
}

const idsOf = (points: readonly ScenePoint[]): string[] => points.map(({ point }) => point.id);

/** Only packets of those that are asked about: the network of a node has those of all its pods. */
function hostsOf({ points }: Scene, { targets, endpoints }: CaptureData, node: string): string[] {
  const clients = points.flatMap(({ point }) => (point.role === 'client' && point.node === node ? point.addresses : []));
  const asked = targets.flatMap(({ kind, server }) => (kind === 'cluster-ip' ? [] : [server]));
  return [...clients, ...asked, ...endpoints];
}

function filterFor(scene: Scene, data: CaptureData, { point, what }: ScenePoint): string {
  const isHost = what === 'host' || (what !== 'own' && what.hostNetwork);
  return filterOf(data.ports, isHost ? hostsOf(scene, data, point.node) : null, data.filter);
}

/** What is there of an attempt before, at points and at clients. */
async function lookAll(context: ActContext, { points, clients }: Scene): Promise<Said[]> {
  const looks = await Promise.all([
    ...byPlace(points).map(([place, own]) => told(context, place, lookScript(place.directory, idsOf(own)))),
    ...clients.map((client) => told(context, client, lookScript(client.directory, [client.id]))),
  ]);
  return looks.flatMap((look) => (look instanceof Failure ? [] : look));
}

/** How long an attempt before has been capturing, in milliseconds; null: none has, or none that is worth going on with. */
async function before(context: ActContext, scene: Scene): Promise<number | null> {
  const said = await lookAll(context, scene);
  const sent = new Set(said.flatMap(({ point, word }) => (word === 'marks' ? [point] : [])));
  const begun = new Set(said.flatMap(({ point, word }) => (word === 'running' || word === 'ended' ? [point] : [])));
  if (!scene.clients.every(({ id }) => sent.has(id)) || begun.size === 0) return null;
  const seconds = said.flatMap(({ word, text }) => (word === 'running' || word === 'ended' ? [Number(text)] : []));
  return Math.max(1, ...seconds.filter(Number.isFinite)) * 1_000;
}

/** Forgets what an attempt before has left, so that nothing of it is taken for ours. */
async function forget(context: ActContext, { points, clients }: Scene): Promise<void> {
  const places = [...byPlace(points).map(([place]) => place), ...clients];
  await Promise.all(places.map((place) => told(context, place, forgetScript(place.directory))));
}

async function beginAt(context: ActContext, scene: Scene, data: CaptureData, [place, own]: [CapturePlace, ScenePoint[]]) {
  const captures = own.map((one) => ({ id: one.point.id, what: one.what, filter: filterFor(scene, data, one) }));
  const bounds = { limitSeconds: data.seconds + FORGOTTEN_SECONDS, packets: data.packets, bytes: data.bytes };
  const said = await told(context, place, beginScript(place.directory, captures, bounds));
  const good: ScenePoint[] = [];
  const failed: Left[] = [];
  for (const one of own) {
    const { id, label } = one.point;
    const words = said instanceof Failure ? [] : said.filter(({ point }) => point === id);
    if (words.some(({ word }) => word === 'listening')) good.push(one);
    else {
      const why = said instanceof Failure ? said.message : (words.find(({ word }) => word === 'failed')?.text ?? 'it did not begin');
      failed.push({ label, why: why.replace(/^tcpdump: /, '') });
    }
  }
  const upstreams =
    said instanceof Failure ? [] : said.flatMap(({ word, text }) => (word === 'upstream' && parseIp(text) !== null ? [text] : []));
  return { good, failed, upstreams };
}

/** Begins to capture at all points. What an attempt before has begun goes on where its queries were sent; else it is begun anew. */
export async function beginAll(context: ActContext, scene: Scene, data: CaptureData): Promise<Running> {
  const places = byPlace(scene.points);
  const forMs = await before(context, scene);
  if (forMs === null) await forget(context, scene);
  const begun = await Promise.all(places.map((one) => beginAt(context, scene, data, one)));
  return {
    points: begun.flatMap(({ good }) => good),
    failed: begun.flatMap(({ failed }) => failed),
    forMs: forMs ?? 0,
    upstreams: [...new Set(begun.flatMap(({ upstreams }) => upstreams))],
  };
}
