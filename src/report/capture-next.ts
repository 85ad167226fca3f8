import type { CaptureReport, Way, WayVerdict } from '../domain/capture.ts';

const generic: Readonly<Record<WayVerdict, string>> = {
  'not-sent': 'Look at the OUTPUT rules in the client’s network namespace (iptables -S OUTPUT), at its resolv.conf and at /etc/hosts.',
  'rejected-no-endpoints': 'See why no CoreDNS pod is an endpoint: kubectl -n kube-system get endpointslices -l k8s-app=kube-dns',
  'nothing-listening':
    'Compare the port that the Service sends to with the one that CoreDNS listens on, and see whether it runs: kubectl -n kube-system get service kube-dns -o yaml',
  'lost-request': 'Look for what drops UDP port 53 between the two: NetworkPolicies, security groups and network ACLs, routes.',
  'conntrack-race': 'Run NodeLocal DNSCache, or give glibc clients the resolver option single-request-reopen.',
  'dropped-in-pod':
    'Look at the INPUT rules and the UDP receive errors in that pod’s network namespace (iptables -S INPUT; /proc/net/snmp), or delete the pod: a new one takes its place.',
  upstream:
    'Look at the upstream: is it the right address, does a security group or ACL stop port 53 to it, is its limit of packets reached (1,024 a second for each network interface of EC2)?',
  'reply-dropped-in-pod': 'Look at the OUTPUT rules in the CoreDNS pod’s network namespace (iptables -S OUTPUT), or delete the pod.',
  'lost-reply': 'Look for what drops the way back: network ACLs must let ephemeral ports (1024-65535) in, NetworkPolicies the answers.',
  unanswered: 'Capture at the server too: both files together tell where the packets are lost.',
  'tcp-blocked': 'Open TCP port 53 beside UDP: in security groups, network ACLs and NetworkPolicies.',
  'slow-server': 'See what CoreDNS waits for: its CPU limit (throttling) and its upstream.',
  encrypted: 'Capture where the names are asked in clear: between the client and its resolver on port 53.',
  'nothing-seen':
    'See that something asks while the capture runs, that it is the right pod or node, and that the filter lets port 53 through.',
  unknown: 'Let the capture run on for some seconds after the last query.',
  'dns-ok': '',
};

const kubeProxy = 'See whether kube-proxy runs on the client’s node, and whether its rules are there: iptables-save -t nat | grep KUBE-SVC';

const special: Partial<Record<WayVerdict, (way: Way, pattern: CaptureReport['verdict']['pattern']) => string | null>> = {
  'lost-request': ({ stoppedAt, unreachable }, pattern) => {
    if (unreachable !== null) return 'Whoever says “unreachable” has no way there: are the endpoints of the Service pods that still are?';
    if (stoppedAt === 'kube-proxy' || pattern === 'cluster-ip') return kubeProxy;
    if (stoppedAt === 'client-node')
      return 'Something on the client’s node drops them: look for NetworkPolicies with Egress that select the client.';
    if (stoppedAt === 'server-node')
      return 'Something on the server’s node drops them: look for NetworkPolicies with Ingress that select CoreDNS.';
    return pattern === 'cross-node' ? 'Let UDP and TCP port 53 through between the nodes: security groups first, then network ACLs.' : null;
  },
  'tcp-blocked': (_way, pattern) =>
    pattern === 'cluster-ip' ? 'See whether the Service has port 53 for TCP too: kubectl -n kube-system get service kube-dns' : null,
  unanswered: ({ why }) =>
    why === 'server-not-captured'
      ? 'Capture at every server behind that address.'
      : why === 'no-overlap'
        ? 'Capture at both ends at the same time.'
        : null,
  'dropped-in-pod': ({ kind }) => (kind === 'other' ? 'Capture inside the server: does the query reach it?' : null),
};

/** What to do next, a sentence or a command; empty where all is well. */
export function nextStep({ verdict, ways }: CaptureReport): string {
  const way = verdict.way === null ? undefined : ways[verdict.way];
  if (verdict.code === 'dns-ok')
    return verdict.status === 'healthy'
      ? ''
      : 'Read CoreDNS’ log for what it answers with SERVFAIL or REFUSED, and ask its upstream yourself.';
  return (way === undefined ? null : special[way.verdict]?.(way, verdict.pattern)) ?? generic[verdict.code];
}
