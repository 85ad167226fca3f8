import type { NetworkPolicies, NetworkPolicy, PolicyPod } from '../domain/network.ts';
import { egressVerdict, type PolicyVerdict, type Via } from '../rules/network-policy.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { proofRows, reach, rowsOf } from './lookup-view.ts';

/** The port that a CoreDNS pod serves DNS on, after the Service's DNAT. */
export const servedPort = (pod: PolicyPod): number => pod.ports.find((port) => port.name === 'dns')?.port ?? 53;

const denied = (
  policies: readonly NetworkPolicy[],
  client: PolicyPod,
  servers: readonly PolicyPod[],
  protocol: string,
  via: Via,
): PolicyVerdict | null => {
  const verdicts = servers.map((server) => egressVerdict(policies, client, server, servedPort(server), protocol, via));
  // denied by every reading of the policy, or else it is left to the lookups to show
  return (
    verdicts.find((verdict) => !verdict.allowed && verdict.differsIn.length === 0) ?? verdicts.find((verdict) => !verdict.allowed) ?? null
  );
};

/** Pointers to the policies in the reading. */
export const proofPolicies = (policies: NetworkPolicies, selecting: readonly NetworkPolicy[]) =>
  selecting.map((policy) =>
    at(
      'network-policies',
      `/policies/${policies.policies.findIndex((one) => one.namespace === policy.namespace && one.name === policy.name)}`,
    ),
  );

export default defineCheck({
  id: 'netpol-egress-denies-dns',
  title: 'No NetworkPolicy keeps the pod from asking CoreDNS',
  why: 'A policy with Egress in its types closes everything that no rule opens, DNS too. All lookups of the pods it selects time out.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies',
  wording: {
    default: {
      found:
        'NetworkPolicy {policies} keeps pod {subject} from asking CoreDNS: it selects the pod for egress, and no rule opens {proto} port 53 to CoreDNS',
      next: [
        'Add a policy in namespace {namespace} that allows egress to the pods k8s-app=kube-dns in {dnsNamespace} on UDP and TCP port 53',
        'See the policies: kubectl -n {namespace} get networkpolicy {policies} -o yaml',
      ],
    },
    unenforced: {
      found: 'NetworkPolicy {policies} denies pod {subject} DNS, but its lookups work: nothing in this cluster enforces the policy',
      next: ['Open UDP and TCP port 53 to CoreDNS in the policy before a network policy engine is installed'],
    },
  },
  explains: ['pod-lookups-fail', 'app-name-error', ...whenTheWayIsClosed],
  requires: ['network-policies', 'pod'],
  uses: ['lookups', 'dns-service', 'coredns-pods'],
  judge({ 'network-policies': policies, pod, lookups, 'dns-service': service }) {
    const { client, coredns } = policies;
    if (client === null || coredns.length === 0) return notApplicable('there is no CoreDNS pod to judge the way to');
    if (client.hostNetwork) return notApplicable('the pod is on the host network, which policies do not select');
    const via: Via = { ips: service?.clusterIPs ?? [], port: 53, ...(service === undefined ? {} : { selector: service.selector }) };
    const [udp, tcp] = [denied(policies.policies, client, coredns, 'UDP', via), denied(policies.policies, client, coredns, 'TCP', via)];
    const verdict = udp ?? tcp;
    if (verdict === null) return found([]);
    const inside =
      lookups === undefined
        ? []
        : rowsOf(lookups, { kind: ['cluster-ip', 'endpoint', 'nameserver', 'resolver', 'node-local'] }).filter(
            ({ row }) => row.from.how === 'exec' || row.from.how === 'ephemeral',
          );
    const works = reach(inside.filter(({ row }) => udp === null || row.proto === 'udp'));
    const unenforced = works === 'all' || (works === 'some' && verdict.differsIn.length > 0);
    if (verdict.differsIn.length > 0 && works !== 'none') return found([]);
    const severity = unenforced ? 'info' : udp === null ? 'medium' : 'critical';
    const args = {
      policies: verdict.selecting.map((policy) => policy.name),
      proto: udp === null ? 'TCP' : tcp === null ? 'UDP' : 'UDP or TCP',
      namespace: pod.namespace,
      dnsNamespace: coredns[0]?.namespace ?? 'kube-system',
      missing: verdict.missing,
    };
    const remedies = unenforced ? [] : [{ id: 'allow-dns-policy', params: { side: 'egress' } }];
    const proof = [
      ...proofPolicies(policies, verdict.selecting),
      ...proofRows(
        inside.filter(({ row }) => row.answered === 0),
        2,
      ),
    ];
    const variant = unenforced ? 'unenforced' : 'default';
    return found([
      finding(
        'netpol-egress-denies-dns',
        severity,
        { kind: 'Pod', namespace: pod.namespace, name: pod.name },
        { variant, args, proof, remedies },
      ),
    ]);
  },
});
