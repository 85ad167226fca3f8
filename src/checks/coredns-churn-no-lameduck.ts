import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, notApplicable, passed, unknown } from './check.ts';
import { corednsArgs, corednsSubject, livePods, podProof, servingPods } from './coredns-view.ts';
import { directivesNamed } from './corefile-view.ts';
import { clusterIpViews } from './lookup-view.ts';
import { happenedWithin, minutesSince } from '../rules/recent.ts';

export default defineCheck({
  id: 'coredns-churn-no-lameduck',
  title: 'A CoreDNS pod that ends goes on answering until nobody asks it any more',
  why: 'For some seconds after a pod ends, nodes still send it queries. With lameduck CoreDNS answers these; without it they are lost at every rollout, scale-in and node drain.',
  docs: 'https://coredns.io/plugins/health/',
  wording: {
    losing: {
      found: 'CoreDNS pods are being replaced ({pods}) without a lameduck time, and lookups are being lost meanwhile',
      next: [
        'Give pods time to end: health { lameduck 30s } in the Corefile; terminationGracePeriodSeconds of {target} must be longer ({grace} s now)',
      ],
    },
    latent: {
      found: 'CoreDNS ends without a lameduck time: lookups are lost for a moment whenever a pod is replaced',
      next: [
        'Give pods time to end: health { lameduck 30s } in the Corefile; terminationGracePeriodSeconds of {target} must be longer ({grace} s now)',
      ],
    },
  },
  explains: [],
  requires: ['corefile', 'coredns-pods'],
  uses: ['coredns-workload', 'lookups'],
  judge({ corefile, 'coredns-pods': pods, 'coredns-workload': workload, lookups }, { now }) {
    if (corefile.error !== null) return unknown('the Corefile cannot be read');
    const health = directivesNamed(corefile, 'health');
    if (health.length === 0) return notApplicable('the Corefile has no health plugin');
    if (health.some(({ directive }) => directive.options.some((option) => option.name === 'lameduck'))) return passed;
    const old = (minutesSince(workload?.createdAt, now) ?? 0) > 60;
    const fresh = livePods(pods).filter(({ pod }) => happenedWithin(5, pod.createdAt, now));
    const ending = pods.items.filter((pod) => pod.terminating);
    const churn = old && servingPods(pods, now).length > 0 && (fresh.length > 0 || ending.length > 0);
    const losing = lookups !== undefined && clusterIpViews(lookups).some((view) => view.udp === 'some');
    const severity: Severity = churn && losing ? 'medium' : 'info';
    const args = { ...corednsArgs(workload, pods, fresh), grace: workload?.terminationGraceSeconds ?? 30 };
    const proof = [
      ...health.slice(0, 1).map(({ pointer }) => at('corefile', pointer)),
      ...(severity === 'info' ? [] : fresh.slice(0, 2).map((one) => podProof(one, '/createdAt'))),
    ];
    return found([
      finding('coredns-churn-no-lameduck', severity, corednsSubject(workload, pods), {
        variant: severity === 'info' ? 'latent' : 'losing',
        args,
        proof,
      }),
    ]);
  },
});
