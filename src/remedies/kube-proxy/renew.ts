import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import type { PlannedPod } from '../../domain/plan.ts';
import { summariseKubeProxyLog } from '../../formats/kube-proxy-log.ts';
import { askPod, Question } from '../pods/ask-pod.ts';
import { evict } from '../pods/evict.ts';
import { type LivePod, livePods } from '../pods/live-pod.ts';
import type { Acted, ActContext } from '../remedy.ts';

/** What the restart of kube-proxy on one node was planned on. */
export const ProxyPlan = z.object({
  namespace: z.string(),
  daemonSet: z.string(),
  selector: z.string().min(1),
  node: z.string(),
  /** The address of the DNS Service; null: not known, so nobody asks it afterwards. */
  service: z.object({ address: z.string(), port: z.number() }).nullable(),
  question: Question,
});
export type ProxyPlan = z.infer<typeof ProxyPlan>;

const lookEveryMs = 1_000;
/** An image may have to be pulled; the old pod may take its 30 seconds to end. */
const readyWithinMs = 180_000;
/** From its start until it has read all Services and endpoints. */
const syncedWithinMs = 45_000;
/** From then on until its rules are in the kernel. */
const rulesWithinMs = 20_000;
const shots = 5;

type Say = (says: string) => void;

const onNode = async ({ port, signal }: ActContext, { namespace, selector, node }: ProxyPlan): Promise<LivePod[]> =>
  (await livePods(port, { namespace, selector, node }, { signal })).filter((pod) => pod.node === node);

/** The new pod when it is ready and the old one gone; else why it is not, in time. */
async function started(context: ActContext, data: ProxyPlan, old: PlannedPod, say: Say): Promise<LivePod | string> {
  const end = context.now() + readyWithinMs;
  for (;;) {
    const pods = await onNode(context, data);
    const fresh = pods.find((pod) => pod.uid !== old.uid && !pod.terminating && !pod.over);
    if (fresh !== undefined && (fresh.crashing || fresh.restarts >= 2))
      return `the new pod ${fresh.name} crashes (${fresh.trouble ?? 'again and again'})`;
    const isGone = !pods.some(({ uid }) => uid === old.uid);
    if (fresh?.ready === true && isGone) return fresh;
    const says = !isGone
      ? 'the old pod ends'
      : fresh === undefined
        ? 'there is no new pod yet'
        : `${fresh.name} is not ready yet${fresh.trouble === null ? '' : ` (${fresh.trouble})`}`;
    if (context.now() >= end) return `not within ${readyWithinMs / 1_000} s: ${says}`;
    say(says);
    await context.pause(lookEveryMs);
  }
}

/** Whether its log says that it has read Services and endpoints; null where the log may not be read. */
async function hasSynced({ port, signal, now }: ActContext, pod: LivePod): Promise<boolean | null> {
  try {
    const { text } = await port.logs({ namespace: pod.namespace, pod: pod.name, tailLines: 500, maxBytes: 1 << 20, signal });
    return summariseKubeProxyLog(text, new Date(now())).some((entry) => entry.class === 'synced');
  } catch (error) {
    if (error instanceof Failure && !signal.aborted) return null;
    throw error;
  }
}

async function synced(context: ActContext, pod: LivePod, say: Say): Promise<string | null> {
  const end = context.now() + syncedWithinMs;
  for (;;) {
    const state = await hasSynced(context, pod);
    if (state !== false) return null;
    if (context.now() >= end) return `the new pod ${pod.name} has not read the Services within ${syncedWithinMs / 1_000} s of its start`;
    say('it reads Services and endpoints');
    await context.pause(lookEveryMs);
  }
}

/** Whether the DNS Service is answered from the node; null: it is, or nobody could ask. */
async function reaches(context: ActContext, { service, node, question }: ProxyPlan, say: Say): Promise<string | null> {
  if (service === null) return null;
  const end = context.now() + rulesWithinMs;
  try {
    const probe = await context.probes.start({ node, dnsPolicy: 'ClusterFirst', role: 'probe' }, { signal: context.signal });
    for (;;) {
      say('asking the DNS Service from this node');
      const fault = await askPod(probe, service, [question], shots, { signal: context.signal });
      if (fault === null || context.now() >= end) return fault;
      await context.pause(lookEveryMs);
    }
  } catch (error) {
    if (error instanceof Failure && !context.signal.aborted) return null;
    throw error;
  }
}

const failed = (says: string, { namespace, daemonSet, node }: ProxyPlan): Acted => ({
  outcome: 'failed',
  says,
  next: [
    `See why: kubectl -n ${namespace} describe pods --field-selector spec.nodeName=${node}; kubectl -n ${namespace} logs daemonset/${daemonSet}`,
    'The rules that were in the kernel stay there; they lead astray once pods are replaced.',
  ],
  undoable: false,
});

/**
 * Evicts kube-proxy's pod on one node and waits until its successor is ready, has read the Services, and the DNS Service is answered from there. May
 * be called again after a worker died: a pod that went already is not evicted twice.
 */
export async function renewKubeProxy(context: ActContext, data: ProxyPlan, old: PlannedPod, say: Say): Promise<Acted> {
  const pods = await onNode(context, data);
  const isThere = pods.some(({ uid, terminating }) => uid === old.uid && !terminating);
  if (isThere) {
    const evicted = await evict(context, old, (says) => say(`waiting for a PodDisruptionBudget (${says})`));
    if (evicted.is === 'refused')
      return { outcome: 'refused', says: `pod ${old.name} may not be evicted: ${evicted.says}`, next: ['Check again.'], undoable: false };
  }
  const fresh = await started(context, data, old, say);
  if (typeof fresh === 'string') return failed(fresh, data);
  const why = await synced(context, fresh, say);
  if (why !== null) return failed(why, data);
  const lost = await reaches(context, data, say);
  const says = `kube-proxy on ${data.node} was started anew as ${fresh.name}`;
  return lost === null
    ? { outcome: 'applied', says, next: [], undoable: false }
    : {
        outcome: 'applied',
        says: `${says}, but the DNS Service is not well answered from there: ${lost}`,
        next: [`Look at the rules on the node: iptables-save -t nat | grep kube-dns (or ipvsadm -Ln, nft list ruleset)`],
        undoable: false,
      };
}
