import type { ReadingData } from '../../src/domain/evidence.ts';
import * as evidence from './evidence.ts';

const {
  captured,
  clusterClass,
  coded,
  corednsLog,
  corednsLogs,
  corednsPod,
  corednsPods,
  corefile,
  corefileWith,
  directive,
  directives,
  healthyFacts,
} = evidence;
const { logClass, lookups, lookupsWhere, minutesAgo, node, nodes, row, server, withDirectives, without, workload } = evidence;

const days = (count: number): number => count * 24 * 60;
const third = { ...corednsPod(), name: 'coredns-c', node: 'node-c', ip: '10.0.3.13' };
const restarted = (reason: string, exitCode: number, minutes: number, restarts = 3) =>
  corednsPod({
    container: {
      restarts,
      startedAt: minutesAgo(minutes),
      last: { reason, exitCode, startedAt: minutesAgo(minutes + 9), finishedAt: minutesAgo(minutes), message: '' },
    },
  });
const oneNode = (): Partial<ReadingData> => {
  const pods = corednsPods([corednsPod(), { ...corednsPod({}, 1), node: 'node-a' }]);
  return { nodes: nodes([node()]), 'coredns-pods': pods };
};
const stub = server('corp.example.', [directive('errors'), directive('forward', ['.', '10.9.0.1']), directive('cache', ['30'])], 20);
const asked = (name: string, over: Parameters<typeof row>[0] = {}) =>
  row({ role: 'asked', name, answers: ['10.9.1.1'], flags: ['qr', 'ra', 'rd'], ...over });

/** Clusters with nothing wrong, whatever they look like: no check may find anything above info. */
export const healthyClusters: Readonly<Record<string, Partial<ReadingData>>> = {
  'two nodes, EKS defaults': {},
  'one node with both pods on it': oneNode(),
  'one node with one pod': {
    nodes: nodes([node()]),
    'coredns-pods': corednsPods([corednsPod()]),
    'coredns-workload': workload({ desired: 1, ready: 1 }),
  },
  'a control plane that takes no pods, and one worker': {
    ...oneNode(),
    nodes: nodes([
      node(),
      node({ name: 'node-b', taints: [{ key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule' }] }),
    ]),
  },
  'three replicas': {
    'coredns-pods': corednsPods([corednsPod(), corednsPod({}, 1), third]),
    'coredns-workload': workload({ desired: 3, ready: 3 }),
  },
  'CoreDNS as a DaemonSet': { 'coredns-workload': workload({ kind: 'DaemonSet' }) },
  'an OOM kill days ago': { 'coredns-pods': corednsPods([restarted('OOMKilled', 137, days(3)), corednsPod({}, 1)]) },
  'restarts days ago': { 'coredns-pods': corednsPods([restarted('Error', 1, days(5)), corednsPod({}, 1)]) },
  'a reload that failed and was mended': {
    'coredns-logs': corednsLogs([
      corednsLog({
        classes: [logClass('reload-failed', { lastAt: minutesAgo(30) }), logClass('running-hash', { lastAt: minutesAgo(20) })],
        runningSha512: null,
      }),
      corednsLog({}, 1),
    ]),
  },
  'upstream timeouts before a reload that mended them': {
    'coredns-logs': corednsLogs([
      corednsLog({ classes: [logClass('upstream-timeout', { count: 40, lastAt: minutesAgo(3), fields: { afterReload: 'false' } })] }),
    ]),
  },
  'a few upstream timeouts lately': {
    'coredns-logs': corednsLogs([
      corednsLog({ classes: [logClass('upstream-timeout', { count: 3, fields: { upstream: '10.0.0.2:53' } })] }),
    ]),
  },
  'API errors of its start': {
    'coredns-logs': corednsLogs([corednsLog({ classes: [logClass('api-bare', { count: 3, lastAt: minutesAgo(days(2)) })] })]),
  },
  'NodeLocal DNSCache': {
    'cluster-class': clusterClass({
      nodeLocalDns: { namespace: 'kube-system', name: 'node-local-dns', desired: 2, ready: 2, ips: ['169.254.20.10', '10.100.0.10'] },
    }),
  },
  'a stub zone that works': {
    corefile: corefile({ servers: [server('.', directives()), stub], sha512: null }),
    lookups: lookupsWhere(
      () => null,
      [asked('git.corp.example.'), asked('git.corp.example.', { server: '10.0.1.11', serverKind: 'endpoint', serverPod: 'coredns-a' })],
    ),
  },
  'a second cluster domain in a block of its own': {
    corefile: corefile({
      servers: [server('.', directives()), server('old.local.', [directive('kubernetes', ['old.local'])], 20)],
      sha512: null,
    }),
  },
  'a Corefile with imports and hosts, as k3s has it': {
    corefile: corefileWith(
      withDirectives(
        directive('hosts', ['/etc/coredns/NodeHosts'], [['ttl', '60'], ['fallthrough']]),
        directive('health'),
        directive('import', ['/etc/coredns/custom/*.override']),
      ),
      { opaque: ['import /etc/coredns/custom/*.override'] },
    ),
  },
  'max_concurrent as kubeadm has it': {
    corefile: corefileWith(withDirectives(directive('forward', ['.', '/etc/resolv.conf'], [['max_concurrent', '1000']]))),
  },
  'a plugin that somebody built in': {
    corefile: corefileWith([directive('geoip2', ['/db']), ...directives()], {
      error: { line: 2, message: "Unknown directive 'geoip2'", kind: 'directive' },
    }),
    'coredns-workload': workload({ image: 'registry.example/dns:7', version: null }),
  },
  'no way out: names of the world do not exist': { lookups: lookupsWhere((one) => (one.role === 'external' ? coded('NXDOMAIN') : null)) },
  'an upstream that answers with authority': {
    lookups: lookupsWhere((one) => (one.role.includes('external') ? { flags: ['aa', 'qr', 'rd'] } : null)),
  },
  'an IPv6 cluster, where A has no data': { lookups: lookupsWhere((one) => (one.role === 'internal' ? { answers: [] } : null)) },
  'answers that rotate': {
    lookups: lookupsWhere((one) =>
      one.role === 'external' ? { answers: one.serverKind === 'upstream' ? ['1.1.1.1', '2.2.2.2'] : ['2.2.2.2', '3.3.3.3'] } : null,
    ),
  },
  'a packet lost here and there': {
    lookups: lookupsWhere((one) =>
      one.role === 'external' && one.from.node === 'node-a' ? { answered: 4, rcodes: { NOERROR: 4 }, failure: 'timeout' } : null,
    ),
  },
  'one name of the world that fails': {
    lookups: lookupsWhere(() => null, [row({ role: 'external', name: 'gone.example.', ...coded('SERVFAIL') })]),
  },
  'a name of its own in hosts': {
    corefile: corefileWith(withDirectives(directive('hosts', [], [['10.1.2.3', 'printer.office'], ['fallthrough']]))),
    lookups: lookupsWhere(() => null, [row({ role: 'pinned', name: 'printer.office.', answers: ['10.1.2.3'], flags: ['aa', 'qr', 'rd'] })]),
  },
  'a log of denials only': { corefile: corefileWith(withDirectives(directive('log', ['.'], [['class', 'denial', 'success']]))) },
  'no reload plugin': { corefile: corefileWith(without('reload')) },
  'force_tcp that nobody suffers from': {
    corefile: corefileWith(withDirectives(directive('forward', ['.', '10.0.0.2'], [['force_tcp']]))),
  },
  'hardened images on port 1053': {
    corefile: corefile({ servers: [{ ...server('.', directives()), zones: [{ zone: '.', port: 1053, transport: 'dns' }] }] }),
  },
  'a pod that is being scaled in': {
    'coredns-pods': corednsPods([corednsPod(), corednsPod({}, 1), { ...third, terminating: true, ready: false }]),
  },
  'a pod that has just started': {
    'coredns-pods': corednsPods([
      corednsPod(),
      corednsPod({ ready: false, createdAt: minutesAgo(0.3), container: { ready: false, startedAt: minutesAgo(0.2) } }, 1),
    ]),
  },
  'packets were captured, and all of them came through': { capture: captured(() => ({})) },
  'one packet of eighty was lost': {
    capture: captured(({ via, to, shot }) => ({ lostRequest: via === 'b' && to === 'pod' && shot === 3 })),
  },
  'an evicted pod that was left': {
    'coredns-pods': corednsPods([corednsPod(), corednsPod({}, 1), { ...third, phase: 'Failed', ready: false }]),
  },
};

/** The readings of one of these clusters. */
export const healthyFactsOf = (name: string): evidence.Collected => healthyFacts(healthyClusters[name] ?? {});
export const lookupsOfNothing = lookups([]);
