import type { CaptureReport } from '../domain/capture.ts';
import type { Finding } from '../domain/finding.ts';
import {
  deleteOffer,
  failingPoints,
  type IndexedWay,
  lossOf,
  noFault,
  severityOf,
  straightest,
  subjectOf,
  tcpBlocked,
  waysThat,
  wayProof,
} from './capture-view.ts';
import { defineCheck, finding, found } from './check.ts';

type Variant = 'request' | 'reply' | 'tcp';

interface Dropping {
  point: string;
  variant: Variant;
  ways: IndexedWay[];
}

/** The captured pods that drop, with the ways that show it. */
function droppingPods(capture: CaptureReport): Dropping[] {
  const overTcp = tcpBlocked(capture).ofOnePod.filter(({ way }) => (way.outcomes['dropped-in-pod'] ?? 0) > 0);
  const kinds: readonly (readonly [Variant, IndexedWay[]])[] = [
    ['request', waysThat(capture, 'dropped-in-pod')],
    ['reply', waysThat(capture, 'reply-dropped-in-pod')],
    ['tcp', overTcp],
  ];
  return kinds.flatMap(([variant, ways]) => {
    const points = [...new Set(ways.flatMap(({ way }) => failingPoints(way)))];
    return points.map((point) => ({ point, variant, ways: ways.filter(({ way }) => failingPoints(way).includes(point)) }));
  });
}

function findingOf({ point, variant, ways }: Dropping, capture: CaptureReport, dropping: readonly string[]): Finding {
  const shown = straightest(ways);
  const at = capture.points.find(({ id }) => id === point) ?? { label: shown[0]?.way.server.label ?? '', node: null };
  const subject = subjectOf(at);
  const { failed, of, percent } = lossOf(shown);
  const args = { pod: subject.name, node: at.node ?? 'not known', namespace: subject.namespace ?? '', dropped: failed, of, percent };
  const remedies = deleteOffer(subject, capture, dropping);
  return finding('coredns-drops-queries', severityOf(shown), subject, { variant, args, proof: wayProof(ways), remedies });
}

const look =
  'Look at the rules and the UDP receive errors in the network namespace of the pod: nsenter -t PID -n iptables -S on node {node}; cat /proc/PID/net/snmp';
const anew = 'Deleting this pod is safe while another one answers: kubectl -n {namespace} delete pod {pod}';

export default defineCheck({
  id: 'coredns-drops-queries',
  title: 'CoreDNS pods answer every query that arrives at them',
  why: 'A query that was captured in the network of a pod and that nothing answers is dropped there: by a packet filter, a full receive buffer, or a CoreDNS that does not read.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  wording: {
    request: {
      found:
        'CoreDNS pod {subject} (node {node}) drops queries: {dropped} of {of} that it was sent ({percent} %) arrived, and no answer left the pod',
      next: [look, anew],
    },
    reply: {
      found: 'CoreDNS pod {subject} (node {node}) answers, says its log, but {dropped} of {of} answers ({percent} %) never left the pod',
      next: [look, anew],
    },
    tcp: {
      found:
        'CoreDNS pod {subject} (node {node}) does not take TCP connections: {dropped} of {of} requests arrived and were not accepted, other pods accept theirs',
      next: [look, anew],
    },
  },
  explains: [
    'coredns-endpoint-unanswering',
    'node-to-node-dns-blocked',
    'dns-packet-loss',
    'pod-lookups-fail',
    'kubeproxy-rules-missing',
    'coredns-single-point',
  ],
  requires: ['capture'],
  uses: [],
  judge({ capture }) {
    const dropping = droppingPods(capture);
    if (dropping.length === 0) return noFault(capture);
    const points = dropping.map(({ point }) => point);
    return found(dropping.map((one) => findingOf(one, capture, points)));
  },
});
