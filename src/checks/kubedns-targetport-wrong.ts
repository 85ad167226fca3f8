import type { Corefile, CorednsWorkload } from '../domain/coredns.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { DnsService, EndpointSlices } from '../domain/service.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { endpointViews, localRoles, proofRows, rowsOf } from './lookup-view.ts';
import { builtIn, isBuiltIn, readyEndpoints, serviceArgs, serviceHealth, serviceSubject } from './service-view.ts';

type Proto = 'udp' | 'tcp';
interface Served {
  corefile: Corefile | undefined;
  workload: CorednsWorkload | undefined;
  lookups: Lookups | undefined;
}

/** The port of the pods that the Service's port 53 leads to; null when its name is no port's name there, undefined when it has no such port. */
function publishedPort(service: DnsService, slices: EndpointSlices, proto: Proto): number | null | undefined {
  const own = service.ports.find((one) => one.port === 53 && one.protocol === proto.toUpperCase());
  if (own === undefined) return undefined;
  const published = slices.ports.find((one) => one.name === own.name && one.protocol === own.protocol)?.port;
  return published ?? (typeof own.targetPort === 'number' ? own.targetPort : null);
}

/** Ports that CoreDNS has plain DNS on by its Corefile and its container's ports; these differ from the truth with `-dns.port`. */
function declaredPorts({ corefile, workload }: Served): number[] {
  const zones = (corefile?.servers ?? []).flatMap((server) => server.zones).filter(({ transport }) => transport === 'dns');
  return [...new Set([...zones.map(({ port }) => port), ...(workload?.containerPorts ?? []).map(({ port }) => port)])];
}

/** Ports at which a CoreDNS pod answered when it was asked itself. */
function answeringPorts(lookups: Lookups | undefined, proto: Proto): number[] {
  if (lookups === undefined) return [];
  const answers = endpointViews(lookups).some((view) => view.from.some((from) => from[proto] === 'all'));
  const rows = rowsOf(lookups, { kind: 'endpoint', how: 'probe', proto, role: localRoles }).filter(({ row }) => row.answered > 0);
  return answers ? [...new Set(rows.map(({ row }) => row.port))] : [];
}

/** The port it should be, when it is not that: as lookups show, else, where none were made, as everything that is declared says. */
function rightPort(published: number | null, served: Served, proto: Proto): { port: number; isSeen: boolean } | null {
  const health = serviceHealth(served.lookups, proto);
  const answering = answeringPorts(served.lookups, proto);
  const [answered] = answering;
  if (health === 'fails') return answered === undefined || answering.includes(published ?? 0) ? null : { port: answered, isSeen: true };
  const declared = declaredPorts(served);
  const isUndeclared = served.corefile !== undefined && served.workload !== undefined && !declared.includes(published ?? 0);
  return health === 'unseen' && isUndeclared && declared[0] !== undefined ? { port: declared[0], isSeen: false } : null;
}

export default defineCheck({
  id: 'kubedns-targetport-wrong',
  title: 'The DNS Service sends to the port that CoreDNS listens on',
  why: 'The targetPort of the Service must be the port of the server block in the Corefile. At another port nobody listens, and the pod refuses each query at once.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service',
  wording: {
    found:
      'The DNS Service {namespace}/{name} sends {protocol} queries to port {published} of the CoreDNS pods, but they listen on port {port}',
    next: [
      'Set targetPort: {port} for port 53 ({protocol}): kubectl -n {namespace} edit service {name}',
      'Check it: kubectl -n {namespace} get endpointslices -l kubernetes.io/service-name={name} -o yaml',
    ],
  },
  explains: ['pod-lookups-fail', 'kubeproxy-rules-missing', 'nodelocaldns-down', ...whenTheWayIsClosed],
  requires: ['dns-service', 'endpoint-slices'],
  uses: ['lookups', 'corefile', 'coredns-workload', 'cluster-class'],
  judge({ 'dns-service': service, 'endpoint-slices': slices, lookups, corefile, 'coredns-workload': workload, 'cluster-class': cluster }) {
    if (isBuiltIn(cluster)) return notApplicable(builtIn);
    if (readyEndpoints(slices).length === 0) return notApplicable('the DNS Service has no ready endpoint');
    const wrong = (['udp', 'tcp'] as const).flatMap((proto) => {
      const published = publishedPort(service, slices, proto);
      if (published === undefined) return [];
      const right = rightPort(published, { corefile, workload, lookups }, proto);
      return right === null ? [] : [{ proto, published, ...right }];
    });
    const [first] = wrong;
    if (first === undefined) return found([]);
    const protocol = wrong.map(({ proto }) => proto.toUpperCase()).join(' and ');
    const args = {
      ...serviceArgs(service),
      protocol,
      published: first.published ?? 'none (its name is no port of theirs)',
      port: first.port,
    };
    const rows = lookups === undefined ? [] : rowsOf(lookups, { kind: 'cluster-ip', how: 'probe', proto: first.proto, role: localRoles });
    const proof = [at('dns-service', '/ports'), at('endpoint-slices', '/ports'), ...proofRows(rows, 2)];
    const severity = first.proto === 'udp' && first.isSeen ? 'critical' : 'high';
    const remedies = [{ id: 'repair-dns-service', params: { namespace: service.namespace, name: service.name, targetPort: first.port } }];
    return found([finding('kubedns-targetport-wrong', severity, serviceSubject(service), { args, proof, remedies })]);
  },
});
