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

export const refOf = ({ namespace, configMap }: Place): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: configMap });

const listOf = ({ namespace }: Place): string => `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
const pathOf = (place: Place): string => `${listOf(place)}/${encodeURIComponent(place.configMap)}`;

/** The ConfigMap as it is; null: there is none. Rejects with a Failure. */
export async function configMapOf(port: ClusterPort, place: Place, options: CallOptions): Promise<Json | null> {
  try {
    return await port.get(pathOf(place), {}, { ...options, maxBytes: 4_194_304 });
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return null;
    throw error;
  }
}

/** The Corefile in it; null: it has none. */
export const textIn = (json: Json | null, { key }: Place): string | null => {
  const text: unknown = json?.['data']?.[key];
  return typeof text === 'string' ? text : null;
};

/** `done`: it stands there as it should, `wrote`: we wrote it. `edited`: something else than what was planned on stands there. */
export type Written = { is: 'done'; wrote: boolean } | { is: 'edited'; text: string | null };

const TRIES = 5;
const PAUSE_MS = 200;

const send = ({ port, signal }: ActContext, place: Place, json: Json | null, text: string): Promise<Json> =>
  json === null
    ? port.create(
        listOf(place),
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { namespace: place.namespace, name: place.configMap, labels: { 'k8s-app': 'kube-dns' } },
          data: { [place.key]: text },
        },
        { signal },
      )
    : port.patch(
        pathOf(place),
        { metadata: { resourceVersion: json['metadata']?.['resourceVersion'] }, data: { [place.key]: text } },
        'application/merge-patch+json',
        { signal },
      );

const versionOf = (json: Json | null): string | null => {
  const version: unknown = json?.['metadata']?.['resourceVersion'];
  return typeof version === 'string' ? version : null;
};

/** Somebody else was faster, or no answer came from the API server: what stands there says more. */
const isOpen = (error: unknown): error is Failure =>
  error instanceof Failure && (error.status === undefined || error.status === 409 || error.status >= 500);

/**
 * Writes a text in the place of another (null: there is none), under the resourceVersion that was judged. A write that lost a race or its answer is
 * judged anew by what stands there. Rejects with a Failure.
 */
export async function writeText(context: ActContext, place: Place, from: string | null, to: string): Promise<Written> {
  const tell = (json: Json | null, how: string): Promise<void> =>
    context.wrote({ object: refOf(place), how, resourceVersion: versionOf(json) });
  let lost: { error: Failure; how: string } | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const json = await configMapOf(context.port, place, { signal: context.signal });
    const text = textIn(json, place);
    if (text === to) {
      const isOurs = lost !== null && lost.error.status !== 409;
      if (isOurs) await tell(json, lost!.how);
      return { is: 'done', wrote: isOurs };
    }
    if (text !== from) return { is: 'edited', text };
    if (lost !== null && attempt > TRIES) throw lost.error;
    const how = json === null ? 'created' : 'patched';
    context.mayWrite();
    const sent = await send(context, place, json, to).catch((error: unknown) => {
      if (!isOpen(error) || context.signal.aborted) throw error;
      return error;
    });
    if (!(sent instanceof Failure)) {
      await tell(sent, how);
      return { is: 'done', wrote: true };
    }
    lost = { error: sent, how };
    await context.pause(PAUSE_MS);
  }
}
