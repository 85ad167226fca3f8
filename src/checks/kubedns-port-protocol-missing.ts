import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';
import { proofRows, rowsOf } from './lookup-view.ts';
import { builtIn, isBuiltIn, serviceArgs, serviceHealth, serviceSubject } from './service-view.ts';

const dnsPort = 53;
const portNames = { UDP: 'dns', TCP: 'dns-tcp' } as const;

export default defineCheck({
  id: 'kubedns-port-protocol-missing',
  title: 'The DNS Service has port 53 over UDP and TCP',
  why: 'Lookups go over UDP, and over TCP when an answer does not fit. What the Service has no port for is dropped, whatever CoreDNS serves.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services',
  wording: {
    found: 'The DNS Service {namespace}/{name} has no {protocols} port 53',
    next: [
      'Add it: kubectl -n {namespace} patch service {name} --type=json -p \'[{"op":"add","path":"/spec/ports/-","value":{"name":"{portName}","port":53,"protocol":"{protocol}","targetPort":{targetPort}}}]\'',
      'Without TCP, large answers fail, and so do clients that use TCP alone: NodeLocal DNSCache, the resolver option use-vc',
    ],
  },
  explains: ['nodelocaldns-down', ...whenTheWayIsClosed],
  requires: ['dns-service'],
  uses: ['lookups', 'cluster-class'],
  judge({ 'dns-service': service, lookups, 'cluster-class': cluster }) {
    if (isBuiltIn(cluster)) return notApplicable(builtIn);
    const missing = (['UDP', 'TCP'] as const).filter(
      (protocol) => !service.ports.some((one) => one.port === dnsPort && one.protocol === protocol),
    );
    const [protocol] = missing;
    if (protocol === undefined) return found([]);
    const proto = protocol === 'UDP' ? 'udp' : 'tcp';
    const targetPort = service.ports.find((one) => one.port === dnsPort)?.targetPort ?? dnsPort;
    const args = {
      ...serviceArgs(service),
      protocols: missing.join(' and no '),
      protocol,
      portName: portNames[protocol],
      targetPort: typeof targetPort === 'number' ? targetPort : dnsPort,
    };
    const lost =
      lookups === undefined ? [] : rowsOf(lookups, { kind: 'cluster-ip', how: 'probe', proto }).filter(({ row }) => row.answered === 0);
    const proof = [at('dns-service', '/ports'), ...proofRows(lost, 2)];
    // a cache on the node may answer in its place
    const severity = protocol === 'UDP' && serviceHealth(lookups, 'udp') !== 'works' ? 'critical' : 'high';
    const remedies = [{ id: 'repair-dns-service', params: { namespace: service.namespace, name: service.name, addPorts: missing } }];
    return found([finding('kubedns-port-protocol-missing', severity, serviceSubject(service), { args, proof, remedies })]);
  },
});
