import { Failure } from '../base/failure.ts';
import { startDeadline, waitFor } from './deadline.ts';
import type { ClusterPort, Json } from './port.ts';
import { createPod } from './probe-create.ts';
import { type OurPods, RUN_LABEL } from './probe-manifest.ts';
import { podProgress } from './probe-state.ts';
import { pauseAfter, sharedLook, untilRunning } from './probe-wait.ts';

const CLOSE_MS = 5_000;

/** The pods of one run in a namespace of ours, as they are made, waited for and removed together. */
export interface PodsOfRun {
  /** Fires when they are being removed: nothing more is made. */
  closing: AbortSignal;
  /** Creates a pod on a node and waits until it runs; gives its name. Rejects with a Failure that says what to allow. */
  start(pod: Json, node: string): Promise<string>;
  /** The pods of the run as they are in the cluster, by name. */
  found(): Promise<Map<string, Json>>;
  /** Waits for one that somebody has made before, and removes it with the others. */
  adopt(pod: string, node: string): Promise<void>;
  /** Removes all, in at most 5 s; rejects with a Failure when something stays. */
  close(): Promise<void>;
}

/** `creating` holds requests on their way, so that `close` misses no pod. */
interface Workshop {
  port: ClusterPort;
  where: OurPods;
  look: ReturnType<typeof sharedLook>;
  creating: Set<Promise<unknown>>;
  created: Set<string>;
  closing: AbortController;
}

/** Nothing is created before the first `start`. `run`: the value of the label that its pods have. */
export function podsOfRun(port: ClusterPort, where: OurPods, run: string): PodsOfRun {
  const closing = new AbortController();
  const found = () => listed(port, where, run);
  const look = sharedLook(found, closing.signal);
  const workshop: Workshop = { port, where, look, creating: new Set(), created: new Set(), closing };
  return {
    closing: closing.signal,
    found,
    start: async (pod, node) => {
      closing.signal.throwIfAborted();
      const name = await create(workshop, pod);
      await running(workshop, name, node);
      return name;
    },
    adopt: async (pod, node) => {
      workshop.created.add(pod);
      await running(workshop, pod, node);
    },
    close: () => removeAll(workshop),
  };
}

export const closed = ({ kind }: OurPods): Failure => new Failure('skipped', `the run is over: no more ${kind} pods`);

function running({ port, where, look }: Workshop, name: string, node: string): Promise<void> {
  const { namespace, kind } = where;
  const start = performance.now();
  const progress = async () => {
    const pods = await look(pauseAfter(performance.now() - start));
    const pod = pods.get(name);
    return pod
      ? podProgress(pod, kind)
      : ({ state: 'failed', failure: new Failure('error', `the ${kind} pod was deleted while it started`) } as const);
  };
  return untilRunning({ port, namespace, pod: name, node, look: progress, kind });
}

/** A pod that is being created when `close` begins is created first and deleted then: an aborted POST may have taken effect. */
async function create({ port, where, creating, created }: Workshop, pod: Json): Promise<string> {
  const request = createPod(port, where, pod).then((made) => {
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

async function listed(port: ClusterPort, { namespace }: OurPods, run: string): Promise<Map<string, Json>> {
  const { items } = await port.list(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: `${RUN_LABEL}=${run}` });
  return new Map(items.map((pod) => [String(pod['metadata']?.['name']), pod]));
}

/** The namespace stays in any case, for it may hold labels and quotas of the cluster's owner. */
async function removeAll({ port, where, creating, created, closing }: Workshop): Promise<void> {
  closing.abort(closed(where));
  const deadline = startDeadline({ timeoutMs: CLOSE_MS }, `removal of the ${where.kind} pods`);
  const remove = async () => {
    await Promise.allSettled(creating);
    const names = [...created];
    created.clear();
    const path = `/api/v1/namespaces/${where.namespace}/pods`;
    const query = { gracePeriodSeconds: '0' };
    const removals = await Promise.allSettled(names.map((name) => port.delete(`${path}/${name}`, query, { signal: deadline.signal })));
    refuseLeft(where, names, removals);
  };
  await waitFor(remove(), deadline.signal).finally(() => deadline.clear());
}

/** Throws a Failure when pods stay; one that is gone already does not. */
function refuseLeft({ namespace, kind }: OurPods, names: readonly string[], removals: readonly PromiseSettledResult<unknown>[]): void {
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
    `${kind} pods were left behind: ${pods} (they end by themselves; dns-medic sweep removes them): ${why.message}`,
    { allow: why.allow },
  );
}
