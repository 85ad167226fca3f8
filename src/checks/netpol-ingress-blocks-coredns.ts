import type { Lookups } from '../domain/lookups.ts';
import type { NetworkPolicies, NetworkPolicy, PolicyPod } from '../domain/network.ts';
import { ingressVerdict } from '../rules/network-policy.ts';
import { defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { endpointViews, localRoles, proofRows, rowsOf } from './lookup-view.ts';
import { proofPolicies, servedPort } from './netpol-egress-denies-dns.ts';

/** The policies that keep a client from the first CoreDNS pod that is closed to it; null when all are open. */
function closedTo({ policies, coredns }: NetworkPolicies, client: PolicyPod): NetworkPolicy[] | null {
  const verdicts = coredns.map((server) => ingressVerdict(policies, client, server, servedPort(server), 'UDP'));
  return verdicts.find((verdict) => !verdict.allowed)?.selecting ?? null;
}

/** Whether our own probe pods, which carry no labels of applications, get answers from other nodes: then nothing enforces the policy. */
const probesGetThrough = (lookups: Lookups | undefined): boolean => {
  const far = (lookups === undefined ? [] : endpointViews(lookups)).flatMap((view) => view.from.filter((from) => from.sameNode === false));
  return far.length > 0 && far.every((from) => from.udp === 'all');
};

const insideWorks = (lookups: Lookups | undefined): boolean =>
  (lookups?.rows ?? []).some(
    (row) => row.from.how === 'exec' && (row.serverKind === 'cluster-ip' || row.serverKind === 'resolver') && row.answered === row.shots,
  );

export default defineCheck({
  id: 'netpol-ingress-blocks-coredns',
  title: 'No NetworkPolicy keeps clients from CoreDNS',
  why: 'A policy that selects the CoreDNS pods for ingress closes them to everyone whom no rule admits. The pods stay ready, because probes come from their node.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  wording: {
    default: {
      found:
        'NetworkPolicy {policies} in {namespace} closes CoreDNS to {who}: it selects the CoreDNS pods, and no rule admits UDP port 53 from there',
      next: [
        'Admit UDP and TCP port 53 from all namespaces (namespaceSelector: {}) in that policy, or add one that does: kubectl -n {namespace} edit networkpolicy {policies}',
      ],
    },
    unenforced: {
      found: 'NetworkPolicy {policies} in {namespace} closes CoreDNS to {who}, but lookups work: nothing in this cluster enforces it',
      next: ['Admit UDP and TCP port 53 from all namespaces in it before a network policy engine is installed'],
    },
  },
  explains: [
    'coredns-endpoint-unanswering',
    'node-to-node-dns-blocked',
    'kubeproxy-rules-missing',
    'dns-packet-loss',
    'tcp53-blocked',
    'pod-lookups-fail',
    ...whenTheWayIsClosed,
  ],
  requires: ['network-policies'],
  uses: ['lookups'],
  judge({ 'network-policies': policies, lookups }) {
    if (policies.coredns.length === 0) return notApplicable('there is no CoreDNS pod');
    const clients = [...(policies.client === null ? [] : [policies.client]), ...policies.sample].filter((client) => !client.hostNetwork);
    const closed = clients.flatMap((client) => {
      const by = closedTo(policies, client);
      return by === null ? [] : [{ client, by }];
    });
    const named = closed.find(({ client }) => client === policies.client);
    // the policies that admit most are meant so; what they keep out is somebody's choice, unless it is the pod of the complaint
    const mostAreClosed = closed.length > 0 && closed.length * 2 > clients.length;
    if (named === undefined && !mostAreClosed) return found([]);
    const by = (named ?? closed[0])?.by ?? [];
    const unenforced = probesGetThrough(lookups) && (policies.client === null || insideWorks(lookups));
    const who =
      named !== undefined
        ? `pod ${named.client.namespace}/${named.client.name}`
        : `${closed.length} of ${clients.length} pods looked at, ${closed[0]?.client.namespace}/${closed[0]?.client.name} among them`;
    const namespace = by[0]?.namespace ?? '';
    const args = { policies: by.map((policy) => policy.name), namespace, who };
    const silent =
      lookups === undefined
        ? []
        : rowsOf(lookups, { kind: 'endpoint', proto: 'udp', role: localRoles }).filter(({ row }) => row.answered === 0);
    const proof = [...proofPolicies(policies, by), ...proofRows(silent, 2)];
    const subject = { kind: 'NetworkPolicy', namespace, name: by[0]?.name ?? '' };
    const remedies = unenforced ? [] : [{ id: 'allow-dns-policy', params: { side: 'ingress' } }];
    return found([
      finding('netpol-ingress-blocks-coredns', unenforced ? 'info' : 'critical', subject, {
        variant: unenforced ? 'unenforced' : 'default',
        args,
        proof,
        remedies,
      }),
    ]);
  },
});
