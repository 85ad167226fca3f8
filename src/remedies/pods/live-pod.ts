import { z } from 'zod';
import type { CallOptions, ClusterPort } from '../../cluster/port.ts';

const Condition = z.object({ type: z.string(), status: z.string(), message: z.string().optional() });
const Waiting = z.object({ reason: z.string().optional(), message: z.string().optional() });
const ContainerStatus = z.object({
  restartCount: z.number().catch(0),
  state: z.object({ waiting: Waiting.optional(), terminated: Waiting.optional() }).nullish().catch(null),
});

/** A pod as the API server gives it, as far as it is read here; what is of another shape is as if it were not there. */
const PodJson = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).nullish().catch(null),
    deletionTimestamp: z.string().nullish(),
    ownerReferences: z
      .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
      .nullish()
      .catch(null),
  }),
  spec: z.object({ nodeName: z.string().nullish(), hostNetwork: z.boolean().nullish() }).catch({}),
  status: z
    .object({
      phase: z.string().catch('Unknown'),
      podIP: z.string().nullish(),
      conditions: z.array(Condition).nullish().catch(null),
      containerStatuses: z.array(ContainerStatus).nullish().catch(null),
    })
    .catch({ phase: 'Unknown' }),
});

/** A pod as it is now. */
export interface LivePod {
  namespace: string;
  name: string;
  uid: string;
  labels: Readonly<Record<string, string>>;
  node: string | null;
  hostNetwork: boolean;
  ip: string | null;
  ready: boolean;
  /** It is on its way out. */
  terminating: boolean;
  /** It ended for good: left over from an eviction or a node's end. */
  over: boolean;
  restarts: number;
  /** Its container ends again and again. */
  crashing: boolean;
  /** Why it does not run or is not ready, at most 300 characters; null where nothing says so. */
  trouble: string | null;
  /** The controller that makes another when it goes; null: nobody does. */
  owner: { kind: string; name: string } | null;
}

const longest = 300;
const crashes = ['CrashLoopBackOff', 'RunContainerError', 'StartError'];

const words = (...parts: (string | undefined)[]): string | null =>
  parts
    .filter((part) => part !== undefined && part !== '')
    .join(': ')
    .slice(0, longest) || null;

/** A pod out of the API server's JSON; null where it is none. */
export function livePod(json: unknown): LivePod | null {
  const parsed = PodJson.safeParse(json);
  if (!parsed.success) return null;
  const { metadata, spec, status } = parsed.data;
  const condition = (type: string) => status.conditions?.find((one) => one.type === type);
  const containers = status.containerStatuses ?? [];
  const stopped = containers.map(({ state }) => state?.waiting ?? state?.terminated).find((one) => one !== undefined);
  const scheduled = condition('PodScheduled');
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true) ?? null;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    labels: metadata.labels ?? {},
    node: spec.nodeName ?? null,
    hostNetwork: spec.hostNetwork === true,
    ip: status.podIP ?? null,
    ready: condition('Ready')?.status === 'True',
    terminating: typeof metadata.deletionTimestamp === 'string',
    over: status.phase === 'Failed' || status.phase === 'Succeeded',
    restarts: Math.max(0, ...containers.map(({ restartCount }) => restartCount)),
    crashing: containers.some(({ state }) => crashes.includes(state?.waiting?.reason ?? '')),
    trouble:
      scheduled?.status === 'False'
        ? words('not scheduled', scheduled.message?.split('. ', 1)[0])
        : words(stopped?.reason, stopped?.message),
    owner: owner === null ? null : { kind: owner.kind, name: owner.name },
  };
}

/** Pods read at once are at most so many: more are no CoreDNS that could be replaced pod by pod while somebody watches. */
export const mostPods = 50;

/** The pods that a label selector picks in a namespace, or on one node of it, as they are now. Rejects with a Failure. */
export async function livePods(
  port: ClusterPort,
  { namespace, selector, node }: { namespace: string; selector: string; node?: string },
  options: CallOptions = {},
): Promise<LivePod[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const onNode = node === undefined ? {} : { fieldSelector: `spec.nodeName=${node}` };
  const { items } = await port.list(path, { ...options, ...onNode, labelSelector: selector, limit: mostPods + 1 });
  return items.map(livePod).filter((pod) => pod !== null);
}

/** The pods that are to serve: not on their way out, not left over. */
export const toServe = (pods: readonly LivePod[]): LivePod[] => pods.filter(({ terminating, over }) => !terminating && !over);
