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

/** A Corefile as it stands. `text` null: the ConfigMap or its key is gone. */
export interface Standing {
  text: string | null;
  version: string;
  mark: unknown;
}

export const refOf = ({ namespace, configMap }: Place): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: configMap });

const pathOf = ({ namespace, configMap }: Pick<Place, 'namespace' | 'configMap'>): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(configMap)}`;

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Reads it, with the annotation `name`. */
export async function standing(port: ClusterPort, place: Place, name: string, options: CallOptions): Promise<Standing> {
  try {
    const { metadata = {}, data = {} } = await port.get(pathOf(place), {}, { ...options, maxBytes: 4_194_304 });
    return {
      text: asText(data[place.key]),
      version: asText(metadata['resourceVersion']) ?? '',
      mark: metadata['annotations']?.[name],
    };
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return { text: null, version: '', mark: undefined };
    throw error;
  }
}

/** What is to be written: the text, and the annotation (null: it goes). */
export interface Writing {
  text: string;
  annotation: { name: string; value: string | null };
}

const TRIES = 6;

/** What to do with what stands: write this, nothing (it is so already), or refuse. */
export type Judged = Writing | { done: true } | { refused: string };

const isConflict = ({ status }: Failure): boolean => status === 409;

async function patch(context: ActContext, place: Place, { version }: Standing, { text, annotation }: Writing): Promise<Json> {
  const { port, signal } = context;
  const body = {
    metadata: { resourceVersion: version, annotations: { [annotation.name]: annotation.value } },
    data: { [place.key]: text },
  };
  return port.patch(pathOf(place), body, 'application/merge-patch+json', { signal });
}

/**
 * Writes the ConfigMap as `judge` says of what stands there: read, judged and written under its resourceVersion, and judged anew when somebody
 * else was faster or when the answer was lost. Rejects with a Failure when it cannot be written at all.
 */
export async function rewrite(context: ActContext, place: Place, name: string, judge: (stands: Standing) => Judged): Promise<Judged> {
  for (let tries = 1; ; tries += 1) {
    const stands = await standing(context.port, place, name, { signal: context.signal });
    const judged = judge(stands);
    if (!('text' in judged)) return judged;
    context.mayWrite();
    try {
      const written = await patch(context, place, stands, judged);
      await context.wrote({ object: refOf(place), how: 'patched', resourceVersion: asText(written['metadata']?.['resourceVersion']) });
      return judged;
    } catch (error) {
      context.signal.throwIfAborted();
      // a conflict, or an answer that was lost: what stands there now says whether it was written
      const again = error instanceof Failure && (isConflict(error) || error.status === undefined);
      if (!again || tries === TRIES) throw error;
      await context.pause(200 * tries);
    }
  }
}
