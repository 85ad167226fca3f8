import { endsOf, lossOf, noFault, straightest, subjectOf, waysThat, wayProof } from './capture-view.ts';
import { defineCheck, finding, found } from './check.ts';

/** From here on most lookups wait. */
const mostShare = 0.5;
/** glibc gives up on a server after five seconds: then what is answered later fails. */
const givenUpMs = 5_000;

export default defineCheck({
  id: 'coredns-slow-answers',
  title: 'CoreDNS answers within a second what it need not ask its upstream for',
  why: 'A query that arrives and is answered only after a second or more, without an upstream that was slow, waits inside CoreDNS: for CPU, for memory, in a queue.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  wording: {
    found:
      '{to} took a second or more for {slow} of {of} queries from {from} ({percent} %; 95 % of all within {p95Ms} ms), and its upstream was not why',
    next: [
      'See whether its CPU is throttled: kubectl -n kube-system top pods -l k8s-app=kube-dns, and the limits in kubectl -n kube-system get deployment coredns -o yaml',
      'Give it more CPU, or scale it: kubectl -n kube-system scale deployment coredns --replicas=N',
    ],
  },
  explains: ['dns-packet-loss'],
  requires: ['capture'],
  uses: [],
  judge({ capture }) {
    // only where the server's own packets were captured is it known that it was the server
    const ways = waysThat(capture, 'slow-server').filter(({ way }) => way.failedAt.length > 0);
    const shown = straightest(ways);
    const [first] = shown;
    if (first === undefined) return noFault(capture);
    const { failed, of, percent } = lossOf(shown);
    const p95Ms = Math.round(Math.max(...shown.map(({ way }) => way.latency?.p95Ms ?? 0)));
    const args = { ...endsOf(shown), slow: failed, of, percent, p95Ms };
    const most = shown.filter(({ way }) => way.share >= mostShare);
    const fails = most.some(({ way }) => (way.latency?.p50Ms ?? 0) >= givenUpMs);
    const severity = fails ? 'critical' : most.length > 0 ? 'high' : 'medium';
    return found([finding('coredns-slow-answers', severity, subjectOf(first.way.server), { args, proof: wayProof(ways) })]);
  },
});
