import { Failure } from '../base/failure.ts';
import type { Kubelets } from '../domain/network.ts';
import { parseResolvConf } from '../formats/resolv-conf.ts';
import { allFailed, bounded, outcome, values, type Outcome } from './bounded.ts';
import type { CollectContext, Collector } from './collector.ts';
import { given } from './given.ts';
import { str, strings } from './pick.ts';
import { probeNeeds } from './probe-needs.ts';
import { knownNodes, probeNodes } from './probe-nodes.ts';
import { probePlaces } from './probe-places.ts';

type Kubelet = Kubelets['items'][number];

const maxNodes = 6;

/**
 * What the kubelets write into the resolv.conf of new pods: asked from the kubelets themselves where the right `nodes/proxy` is given,
 * else read in probe pods with dnsPolicy ClusterFirst.
 */
export const kubelets: Collector<'kubelets'> = {
  id: 'kubelets',
  title: "Reading the kubelets' DNS settings",
  after: ['nodes', 'coredns-pods', 'pod'],
  needs: [{ group: '', resource: 'nodes/proxy', verb: 'get', scope: 'cluster', optional: true }, ...probeNeeds],
  timeoutMs: 20_000,
  async collect(context) {
    const asked = await askKubelets(context, nodesToAsk(context));
    const failure = allFailed(asked);
    if (values(asked).length > 0) return { items: values(asked) };
    if (context.probes === null) throw failure ?? new Failure('missing', 'there is no node to ask');
    const probed = await bounded(probePlaces(context), maxNodes, (node) => readInProbe(context, node));
    if (values(probed).length === 0) throw allFailed(probed) ?? failure ?? new Failure('missing', 'there is no node to ask');
    return { items: values(probed) };
  },
};

/** The complaint's node, those of CoreDNS and others, at most six. */
function nodesToAsk({ have, request }: CollectContext): string[] {
  const complaint = request.node ?? given(have.pod)?.node ?? null;
  return probeNodes({ nodes: knownNodes(have), coredns: given(have['coredns-pods'])?.items ?? [], complaint, max: maxNodes }).nodes;
}

/** Asks one kubelet first: when that is forbidden, the others need not be asked. */
async function askKubelets(context: CollectContext, nodes: readonly string[]): Promise<Outcome<Kubelet>[]> {
  const [first, ...rest] = nodes;
  if (first === undefined) return [];
  const answer = await outcome(askKubelet(context, first));
  if ('failure' in answer && answer.failure.reason === 'forbidden') return [answer];
  return [answer, ...(await bounded(rest, maxNodes, (node) => askKubelet(context, node)))];
}

async function askKubelet({ port, signal }: CollectContext, node: string): Promise<Kubelet> {
  const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
  const answer = await port.get(path, {}, { signal, timeoutMs: 3000, maxBytes: 262_144 });
  return {
    node,
    source: 'configz',
    clusterDNS: strings(answer, 'kubeletconfig.clusterDNS'),
    clusterDomain: str(answer, 'kubeletconfig.clusterDomain'),
    resolvConf: str(answer, 'kubeletconfig.resolvConf'),
  };
}

async function readInProbe({ probes, signal }: CollectContext, node: string): Promise<Kubelet> {
  if (probes === null) throw new Failure('skipped', 'probe pods were not wanted');
  const pod = await probes.start({ node, dnsPolicy: 'ClusterFirst', role: 'probe' }, { signal });
  const { text, exitCode } = await pod.run('cat /etc/resolv.conf', { signal, timeoutMs: 4000, maxBytes: 65_536 });
  if (exitCode !== 0) throw new Failure('error', `/etc/resolv.conf could not be read in probe pod ${pod.name}`);
  const { nameservers, search } = parseResolvConf(text);
  const cluster = search.find((domain) => domain.startsWith('svc.'));
  return { node, source: 'probe', clusterDNS: nameservers, clusterDomain: cluster?.slice('svc.'.length) ?? null, resolvConf: null };
}
