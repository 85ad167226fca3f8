import { at, defineCheck, finding, found, passed } from './check.ts';
import { whenPodsDoNotServe } from './consequences.ts';
import { corednsArgs, corednsSubject, outage, podProof, servingPods } from './coredns-view.ts';
import { readyPluginFault, unreadyPods } from './readiness.ts';
import { happenedWithin, minutesSince } from '../rules/recent.ts';

export default defineCheck({
  id: 'coredns-not-ready-missing-ready-plugin',
  title: 'The Corefile has the ready plugin that the readiness probe asks',
  why: 'The readiness probe of CoreDNS asks /ready on port 8181, which only the ready plugin answers. Without it pods run but never become ready, and the Service has no endpoints.',
  docs: 'https://coredns.io/plugins/ready/',
  wording: {
    absent: {
      found:
        'The readiness probe asks {path} on port {port}, but the Corefile has no ready plugin: {count} of {of} CoreDNS pods run and are not ready',
      next: [
        'Put the line ready into the server block of the zone ".": kubectl -n {namespace} edit configmap {configMap}',
        'The pods load it within two minutes; watch them: kubectl -n {namespace} get pods -w',
      ],
    },
    port: {
      found:
        'The readiness probe asks port {port}, but the ready plugin listens on {served}: {count} of {of} CoreDNS pods run and are not ready',
      next: ['Make both the same: kubectl -n {namespace} edit configmap {configMap}; kubectl -n {namespace} edit {target}'],
    },
    ahead: {
      found:
        'The Corefile has lost the ready plugin that the readiness probe asks ({path} on port {port}): CoreDNS pods that start with it will not become ready',
      next: ['Put the line ready back into the server block of the zone ".": kubectl -n {namespace} edit configmap {configMap}'],
    },
  },
  explains: [...whenPodsDoNotServe],
  requires: ['coredns-pods', 'coredns-workload', 'corefile'],
  uses: ['coredns-events', 'nodes', 'coredns-logs', 'lookups'],
  judge(facts, { now }) {
    const { 'coredns-pods': pods, 'coredns-workload': workload, corefile } = facts;
    const fault = readyPluginFault(facts);
    if (fault === null) return passed;
    const unready = unreadyPods('ready-plugin', facts, now);
    const { path = '/ready', port = 8181 } = workload.readiness ?? {};
    const args = { ...corednsArgs(workload, pods, unready), path, port, served: fault.served, configMap: corefile.configMap };
    const proof = [
      at('coredns-workload', '/readiness'),
      at('corefile', '/servers'),
      ...unready.slice(0, 2).map((one) => podProof(one, '/ready')),
    ];
    const remedies = [{ id: 'restore-corefile', params: {} }];
    if (unready.length > 0) {
      return found([
        finding('coredns-not-ready-missing-ready-plugin', outage(pods, now), corednsSubject(workload, pods), {
          variant: fault.variant,
          args,
          proof,
          remedies,
        }),
      ]);
    }
    // pods that became ready with this very text prove that something answers there
    const edited = minutesSince(corefile.changedAt, now);
    const before = servingPods(pods, now).filter(({ pod }) => edited !== null && !happenedWithin(edited, pod.container.startedAt, now));
    if (before.length === 0 || fault.variant === 'port') return passed;
    return found([
      finding('coredns-not-ready-missing-ready-plugin', 'high', corednsSubject(workload, pods), {
        variant: 'ahead',
        args,
        proof,
        remedies,
      }),
    ]);
  },
});
