import { Failure } from '../../base/failure.ts';
import type { CallOptions, ClusterPort, Json } from '../../cluster/port.ts';
import type { ObjectRef } from '../../domain/plan.ts';
import type { ActContext } from '../remedy.ts';

/** Where a Corefile stands. */
export interface Place {
  namespace: string;
  configMap: string;
  key: string;
}

/** A Corefile as it stands. `object` null: there is no ConfigMap; `text` null: nor a Corefile in it. */
export interface Standing {
  object: Json | null;
  text: string | null;
  version: string;
  annotations: Readonly<Record<string, unknown>>;
}

export const refOf = ({ namespace, configMap }: Place): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: configMap });

/** In words: "ConfigMap kube-system/coredns". */
export const nameOf = ({ namespace, configMap }: Place): string => `ConfigMap ${namespace}/${configMap}`;

const [SHOWN_LINES, SHOWN] = [12, 400];

/** What stands there, for people: its first lines, in one. */
export const shown = (text: string | null): string =>
  text === null
    ? 'nothing'
    : text
        .split('\n')
        .slice(0, SHOWN_LINES)
        .join(' / ')
        .replaceAll(/\p{Cc}/gu, ' ')
        .slice(0, SHOWN);

const listOf = ({ namespace }: Place): string => `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
const pathOf = (place: Place): string => `${listOf(place)}/${encodeURIComponent(place.configMap)}`;

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const versionOf = (json: Json): string | null => asText(json['metadata']?.['resourceVersion']);

/** A ConfigMap holds 1 MiB; what is around it is smaller. */
const LARGEST = 4_194_304;

/** Reads it. Rejects with a Failure, but for one that is not there. */
export async function standing(port: ClusterPort, place: Place, options: CallOptions): Promise<Standing> {
  try {
    const object = await port.get(pathOf(place), {}, { ...options, maxBytes: LARGEST });
    const annotations: unknown = object['metadata']?.['annotations'];
    return {
      object,
      text: asText(object['data']?.[place.key]),
      version: versionOf(object) ?? '',
      annotations: typeof annotations === 'object' && annotations !== null ? (annotations as Record<string, unknown>) : {},
    };
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return { object: null, text: null, version: '', annotations: {} };
    throw error;
  }
}

/** What is to be written: the text, and annotations (null: it goes). */
export interface Writing {
  text: string;
  annotations: Readonly<Record<string, string | null>>;
}

/** What to do with what stands: write this; nothing, for it is so already; or nothing, for it must not be. */
export type Judged = Writing | { done: true } | { refused: string };

/** What came of it. `lost`: whether it was written is not known: no answer came, nor to the question what stands there now. */
export type Rewritten = { is: 'written'; text: string } | { is: 'done' } | { is: 'refused'; says: string } | { is: 'lost'; says: string };

const CONFLICT = 409;
/** So many races are lost at most; and an API server that gives no answer is asked so often: over a minute with its own time to answer. */
const [RACES, LOOKS] = [5, 14];
const [PAUSE_MS, LONGEST_PAUSE_MS] = [100, 5_000];

function create({ port, signal }: ActContext, place: Place, { text, annotations }: Writing): Promise<Json> {
  const kept = Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== null));
  const { namespace, configMap, key } = place;
  const labels = { 'k8s-app': 'kube-dns' };
  const metadata = { name: configMap, namespace, labels, ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }) };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [key]: text } };
  return port.create(listOf(place), object, { signal });
}

function patch({ port, signal }: ActContext, place: Place, { version }: Standing, { text, annotations }: Writing): Promise<Json> {
  const some = Object.keys(annotations).length === 0 ? {} : { annotations };
  const body = { metadata: { resourceVersion: version, ...some }, data: { [place.key]: text } };
  return port.patch(pathOf(place), body, 'application/merge-patch+json', { signal });
}

/** Somebody was faster (409), or no answer came, or one from somebody on the way: it may have happened. */
const isOpen = (error: unknown): error is Failure =>
  error instanceof Failure && (error.status === undefined || error.status === CONFLICT || error.status >= 500);

/** Tells whoever keeps the record; an answer that was lost is told by what stands there. */
const tell = (context: ActContext, place: Place, how: string, json: Json | null): Promise<void> =>
  context.wrote({ object: refOf(place), how, resourceVersion: json === null ? null : versionOf(json) });

/** One try: what came of it, or the error that leaves it open whether it was written. */
async function once(
  context: ActContext,
  place: Place,
  judge: (stands: Standing) => Judged,
  lost: Failure | null,
): Promise<Rewritten | Failure> {
  const stands = await standing(context.port, place, { signal: context.signal }).catch((error: unknown) => {
    if (lost === null || !isOpen(error)) throw error;
    return error;
  });
  if (stands instanceof Failure) return stands;
  const judged = judge(stands);
  const how = stands.object === null ? 'created' : 'patched';
  if ('refused' in judged) return { is: 'refused', says: judged.refused };
  if ('done' in judged) {
    // one whose answer was lost, and that was written
    if (lost !== null) await tell(context, place, 'patched', stands.object);
    return { is: 'done' };
  }
  context.mayWrite();
  const write = stands.object === null ? create(context, place, judged) : patch(context, place, stands, judged);
  const written = await write.catch((error: unknown) => {
    if (!isOpen(error)) throw error;
    return error;
  });
  if (written instanceof Failure) return written;
  await tell(context, place, how, written);
  return { is: 'written', text: judged.text };
}

/**
 * Writes the Corefile as `judge` says of what stands there: read, judged, and written under its resourceVersion; judged anew when somebody else was
 * faster, or when no answer came. Rejects with a Failure where it is known that nothing was written.
 */
export async function rewrite(context: ActContext, place: Place, judge: (stands: Standing) => Judged): Promise<Rewritten> {
  let lost: Failure | null = null;
  for (let tries = 1; ; tries += 1) {
    const came: Rewritten | Failure = await once(context, place, judge, lost).catch((error: unknown) => {
      if (lost === null || !(error instanceof Failure) || context.signal.aborted) throw error;
      return { is: 'lost', says: error.message };
    });
    if (!(came instanceof Failure)) return came;
    context.signal.throwIfAborted();
    if (came.status !== CONFLICT) lost = came;
    if (lost === null && tries >= RACES) throw came;
    if (tries >= LOOKS) return { is: 'lost', says: came.message };
    await context.pause(Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** tries));
  }
}

/** What came of writing one text in the place of another. `edited`: something else stands there. */
export type Replaced = { is: 'done' } | { is: 'edited'; text: string | null } | { is: 'lost'; says: string };

/** Writes a text in the place of another (null: there is none). Rejects with a Failure where it is known that nothing was written. */
export async function replaceText(context: ActContext, place: Place, from: string | null, to: string): Promise<Replaced> {
  let edited: string | null = null;
  const came = await rewrite(context, place, ({ text }) => {
    edited = text;
    if (text === to) return { done: true };
    return text === from ? { text: to, annotations: {} } : { refused: 'edited' };
  });
  if (came.is === 'refused') return { is: 'edited', text: edited };
  return came.is === 'lost' ? came : { is: 'done' };
}
