import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, passed, unknown } from './check.ts';
import { corednsArgs, livePods, podProof, servingPods } from './coredns-view.ts';
import { corefileSubject, directivesNamed } from './corefile-view.ts';
import { isNewerThanAPod, runsPresentText } from './running-text.ts';

export default defineCheck({
  id: 'corefile-reload-plugin-absent',
  title: 'CoreDNS takes over a changed Corefile by itself',
  why: 'Without the reload plugin CoreDNS reads its Corefile only when it starts. An edit then has no effect until the pods are restarted, and pods that start later run something else than the rest.',
  docs: 'https://coredns.io/plugins/reload/',
  wording: {
    stale: {
      found:
        'The Corefile was edited at {changedAt}, but CoreDNS pods that started before run without the reload plugin and do not have it ({pods})',
      next: [
        'Check the Corefile, then restart the pods one after the other: kubectl -n {namespace} rollout restart {target}',
        'Put the line reload into the server block of the zone ".", so that this is not needed again',
      ],
    },
    latent: {
      found: 'The Corefile has no reload plugin: an edit needs a restart of CoreDNS',
      next: ['Put the line reload into the server block of the zone ".": kubectl -n {namespace} edit configmap {configMap}'],
    },
  },
  explains: [],
  requires: ['corefile', 'coredns-pods'],
  uses: ['coredns-workload', 'coredns-logs'],
  judge({ corefile, 'coredns-pods': pods, 'coredns-workload': workload, 'coredns-logs': logs }, { now }) {
    if (directivesNamed(corefile, 'reload').length > 0) return passed;
    if (corefile.error !== null || corefile.opaque.length > 0) return unknown('not all of the Corefile can be read');
    const behind = servingPods(pods, now).filter(
      ({ pod }) => isNewerThanAPod(corefile, { ...pods, items: [pod] }, now) && !runsPresentText(corefile, logs, pod.name),
    );
    const severity: Severity = behind.length > 0 ? 'medium' : 'info';
    const args = {
      ...corednsArgs(workload, pods, behind.length > 0 ? behind : livePods(pods)),
      changedAt: corefile.changedAt,
      configMap: corefile.configMap,
    };
    const proof = [
      at('corefile', '/servers'),
      ...(behind.length > 0 ? [at('corefile', '/changedAt')] : []),
      ...behind.slice(0, 2).map((one) => podProof(one, '/container/startedAt')),
    ];
    const parts = {
      variant: behind.length > 0 ? 'stale' : 'latent',
      args,
      proof,
      remedies: behind.length > 0 ? [{ id: 'restart-coredns', params: {} }] : [],
    };
    return found([finding('corefile-reload-plugin-absent', severity, corefileSubject(corefile), parts)]);
  },
});
