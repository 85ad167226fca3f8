import { endsOf, lossOf, noFault, subjectOf, waysThat, wayProof } from './capture-view.ts';
import { defineCheck, finding, found } from './check.ts';

/** From here on users notice: each lost query is a lookup that takes five seconds. */
const muchShare = 0.05;

export default defineCheck({
  id: 'conntrack-race',
  title: 'A and AAAA that are sent at once from one port both arrive',
  why: 'When two packets of a new connection meet in the connection tracking of the node, one is dropped. The lookup then takes five seconds (glibc) or two and a half (musl).',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/',
  wording: {
    found:
      '{lost} of {of} queries from {from} to {to} ({percent} %) are lost, always one of A and AAAA that are sent at once from one port: a race in the connection tracking of the node',
    next: [
      'Run NodeLocal DNSCache: queries to it are not tracked',
      'Until then glibc clients can ask from two ports: options single-request-reopen in the dnsConfig of the pod (musl ignores it)',
      'See it counted on the node of the client: conntrack -S (insert_failed, drop)',
    ],
  },
  explains: ['dns-packet-loss', 'pod-lookups-fail'],
  requires: ['capture'],
  uses: [],
  judge({ capture }) {
    const ways = waysThat(capture, 'conntrack-race');
    const [first] = ways;
    if (first === undefined) return noFault(capture);
    const { failed, of, percent } = lossOf(ways);
    const severity = ways.some(({ way }) => way.share >= muchShare) ? 'high' : 'medium';
    const args = { ...endsOf(ways), lost: failed, of, percent };
    return found([finding('conntrack-race', severity, subjectOf(first.way.client), { args, proof: wayProof(ways) })]);
  },
});
