import { defineCheck, finding, found, passed } from './check.ts';
import { corednsArgs, corednsSubject } from './coredns-view.ts';
import { countOf, fieldsOf, lately, logProof } from './log-view.ts';

export default defineCheck({
  id: 'corefile-max-concurrent',
  title: 'CoreDNS does not refuse queries for being too many at once',
  why: 'With max_concurrent, forward answers REFUSED when more queries wait for the upstream than it allows. Nearly always that is because the upstream is slow or does not answer.',
  docs: 'https://coredns.io/plugins/forward/',
  wording: {
    now: {
      found:
        'CoreDNS refuses queries for names of the world: more than {limit} waited for the upstream at once ({times} times in 10 minutes; {pods})',
      next: [
        'See how fast the upstream answers: the findings about the upstream come first',
        'If it is well, raise max_concurrent in the Corefile (each waiting query takes about 2 kB): kubectl -n {namespace} edit configmap coredns',
      ],
    },
    before: {
      found: 'CoreDNS has refused {times} queries since it started because more than max_concurrent waited for the upstream; none lately',
      next: [
        'Watch coredns_forward_max_concurrent_rejects_total; if it grows, raise max_concurrent or find out why the upstream is slow at times',
      ],
    },
  },
  explains: [],
  requires: ['coredns-pods'],
  uses: ['coredns-workload', 'coredns-logs', 'coredns-metrics'],
  judge({ 'coredns-pods': pods, 'coredns-workload': workload, 'coredns-logs': logs, 'coredns-metrics': metrics }, { now }) {
    const said = lately(logs, ['max-concurrent'], 10, now);
    const subject = corednsSubject(workload, pods);
    const common = corednsArgs(workload, pods, []);
    if (said.length > 0) {
      const args = {
        ...common,
        pods: said.map((entry) => entry.pod),
        limit: fieldsOf(said, 'limit')[0] ?? 'max_concurrent',
        times: countOf(said),
      };
      return found([finding('corefile-max-concurrent', 'high', subject, { variant: 'now', args, proof: logProof(said) })]);
    }
    const refusing = (metrics?.pods ?? [])
      .map((pod, index) => ({ rejects: pod.maxConcurrentRejects ?? 0, index }))
      .filter(({ rejects }) => rejects > 0);
    if (refusing.length === 0) return passed;
    const args = { ...common, times: refusing.reduce((sum, { rejects }) => sum + rejects, 0) };
    const proof = refusing.slice(0, 3).map(({ index }) => ({ reading: 'coredns-metrics', pointer: `/pods/${index}/maxConcurrentRejects` }));
    return found([finding('corefile-max-concurrent', 'info', subject, { variant: 'before', args, proof })]);
  },
});
