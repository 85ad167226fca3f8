import type { CaptureReport } from '../domain/capture.ts';
import type { Finding } from '../domain/finding.ts';
import type { DnsService, EndpointSlices } from '../domain/service.ts';
import { type IndexedWay, lossOf, stoppedByRules, wayProof } from './capture-view.ts';
import { defineCheck, finding, found, notApplicable } from './check.ts';
import { clusterIpViews, endpointViews, type EndpointView, localRoles, proofRows, rowsOf } from './lookup-view.ts';

/** Whether the Service itself leads to CoreDNS for UDP: what is wrong there is found by the kubedns checks. */
function serviceIsSound(service: DnsService, slices: EndpointSlices, views: readonly EndpointView[], port: number): boolean {
  const published = slices.endpoints.filter((endpoint) => endpoint.ready).map((endpoint) => endpoint.address);
  const known = views.map((view) => view.address);
  return (
    service.internalTrafficPolicy !== 'Local' &&
    service.ports.some((one) => one.port === 53 && one.protocol === 'UDP') &&
    slices.ports.some((one) => one.protocol === 'UDP' && one.port === port) &&
    published.some((address) => known.includes(address))
  );
}

/** Ways that end at kube-proxy's rules, as packets show them, by the node of the client. */
const stoppedOnNodes = (capture: CaptureReport | undefined): Map<string, IndexedWay[]> =>
  Map.groupBy(
    (capture === undefined ? [] : stoppedByRules(capture)).filter(({ way }) => way.client.node !== null),
    ({ way }) => way.client.node ?? '',
  );

/** Nodes that lookups told nothing of, where packets show it. */
function fromPackets(stopped: ReadonlyMap<string, IndexedWay[]>, told: readonly Finding[], given: Record<string, unknown>): Finding[] {
  return [...stopped].flatMap(([node, ways]) => {
    if (told.some(({ subject }) => subject.name === node)) return [];
    const { percent } = lossOf(ways);
    const args = { ...given, percent };
    const parts = { args, proof: wayProof(ways), remedies: [{ id: 'restart-kube-proxy', params: { node } }] };
    const variant = percent >= 95 ? 'missing' : 'stale';
    return [finding('kubeproxy-rules-missing', percent >= 20 ? 'critical' : 'high', { kind: 'Node', name: node }, { variant, ...parts })];
  });
}

export default defineCheck({
  id: 'kubeproxy-rules-missing',
  title: 'Every node sends the address of the DNS Service to CoreDNS pods',
  why: 'Pods ask the address of the Service. Without its rules in the kernel of their node (iptables, IPVS or nftables) their queries go nowhere.',
  docs: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  wording: {
    missing: {
      found:
        'On node {subject} the address of the DNS Service, {address}, leads nowhere, while every CoreDNS pod answers from there at its own address',
      next: [
        'See whether the rules are there: iptables-save -t nat | grep {address} (or ipvsadm -Ln, nft list ruleset) on the node',
        'Restart kube-proxy on that node: kubectl -n kube-system delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName={subject}',
      ],
    },
    stale: {
      found:
        'On node {subject} {percent} % of the queries to the address of the DNS Service, {address}, are lost, while every CoreDNS pod answers from there: the rules still send to pods that are gone',
      next: [
        'Compare the addresses in the rules with those of the pods: iptables-save -t nat | grep -A3 kube-dns on the node',
        'Restart kube-proxy on that node: kubectl -n kube-system delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName={subject}',
      ],
    },
  },
  explains: [],
  requires: ['lookups', 'dns-service', 'endpoint-slices'],
  uses: ['cluster-class', 'capture'],
  judge({ lookups, 'dns-service': service, 'endpoint-slices': slices, 'cluster-class': cluster, capture }) {
    const views = endpointViews(lookups);
    const port = lookups.rows.find((row) => row.serverKind === 'endpoint')?.port ?? 53;
    if (!serviceIsSound(service, slices, views, port)) return notApplicable('the Service itself does not lead to CoreDNS');
    const ready = slices.endpoints.filter((endpoint) => endpoint.ready).map((endpoint) => endpoint.address);
    const stopped = stoppedOnNodes(capture);
    const given = { address: service.clusterIPs[0] ?? '', replacedBy: cluster?.kubeProxyReplacedBy ?? null };
    const findings = clusterIpViews(lookups).flatMap(({ node, udp }) => {
      const paths = views.filter((view) => ready.includes(view.address)).map((view) => view.from.find((from) => from.node === node)?.udp);
      if (paths.length === 0 || !paths.every((reach) => reach === 'all') || (udp !== 'none' && udp !== 'some')) return [];
      const rows = rowsOf(lookups, { kind: 'cluster-ip', how: 'probe', node, proto: 'udp', role: localRoles });
      const shots = rows.reduce((sum, { row }) => sum + row.shots, 0);
      const lost = shots - rows.reduce((sum, { row }) => sum + row.answered, 0);
      // a few lost queries are not yet rules that are wrong
      if (udp === 'some' && (shots < 30 || lost / shots < 0.2)) return [];
      const args = { ...given, percent: Math.round((100 * lost) / shots) };
      const proof = [...proofRows(rows), ...wayProof(stopped.get(node) ?? [], 1)];
      const remedies = [{ id: 'restart-kube-proxy', params: { node } }];
      return [
        finding(
          'kubeproxy-rules-missing',
          'critical',
          { kind: 'Node', name: node },
          { variant: udp === 'none' ? 'missing' : 'stale', args, proof, remedies },
        ),
      ];
    });
    return found([...findings, ...fromPackets(stopped, findings, given)]);
  },
});
