import { isOfficialCoredns } from '../rules/image.ts';
import { at, defineCheck, finding, found, passed } from './check.ts';
import { corednsArgs, podProof, servingPods } from './coredns-view.ts';
import { logProof } from './log-view.ts';
import { isNewerThanAPod, openReloadFailures } from './running-text.ts';

export default defineCheck({
  id: 'corefile-reload-failed',
  title: 'The running CoreDNS pods have taken over the Corefile',
  why: 'When CoreDNS does not accept an edited Corefile it goes on with the old one, and everything looks well. Every pod that starts from then on crashes, and metrics and health may be gone already.',
  docs: 'https://coredns.io/plugins/reload/',
  wording: {
    refused: {
      found:
        'CoreDNS has refused the edited Corefile and runs on with the old one ({pods}): {message}. The next pod that starts will crash',
      next: [
        'Do not restart CoreDNS until the Corefile is right',
        'Correct line {line}, or put the last good Corefile back: kubectl -n {namespace} edit configmap {configMap}',
        'Watch the pods take it over: kubectl -n {namespace} logs -f {pod} | grep plugin/reload',
      ],
    },
    broken: {
      found:
        'The Corefile in the ConfigMap is not valid (line {line}: {message}). CoreDNS pods run on with the old one, the next that starts will crash',
      next: [
        'Do not restart CoreDNS until the Corefile is right',
        'Correct line {line}, or put the last good Corefile back: kubectl -n {namespace} edit configmap {configMap}',
      ],
    },
  },
  explains: ['corefile-reload-plugin-absent', 'coredns-liveness-restarts'],
  requires: ['coredns-pods'],
  uses: ['coredns-logs', 'corefile', 'coredns-workload'],
  judge({ 'coredns-pods': pods, 'coredns-logs': logs, corefile, 'coredns-workload': workload }, { now }) {
    const serving = servingPods(pods, now);
    const names = new Set(serving.map(({ pod }) => pod.name));
    const failures = openReloadFailures(logs, corefile, now).filter((entry) => names.has(entry.pod));
    const configMap = corefile?.configMap ?? workload?.configMap ?? 'coredns';
    const subject = { kind: 'ConfigMap', namespace: corefile?.namespace ?? workload?.namespace ?? 'kube-system', name: configMap };
    const remedies = [{ id: 'restore-corefile', params: {} }];
    const common = { ...corednsArgs(workload, pods, serving), configMap };
    const error = corefile?.error ?? null;
    const broken = error === null ? [] : [at('corefile', '/error')];
    const [failure] = failures;
    if (failure !== undefined) {
      const { fields, sample } = failure;
      const pod = failure.pod;
      const args = {
        ...common,
        pod,
        pods: [...new Set(failures.map((entry) => entry.pod))],
        message: fields['message'] ?? sample,
        line: fields['line'] ?? error?.line ?? 'unknown',
      };
      return found([
        finding('corefile-reload-failed', 'high', subject, {
          variant: 'refused',
          args,
          proof: [...logProof(failures), ...broken],
          remedies,
        }),
      ]);
    }
    // a directive that we do not know may be a plugin that somebody built in
    const sure = error?.kind === 'syntax' || (workload !== undefined && isOfficialCoredns(workload.image));
    if (error === null || corefile === undefined || !sure || !isNewerThanAPod(corefile, pods, now)) return passed;
    const args = { ...common, message: error.message, line: error.line };
    const proof = [...broken, at('corefile', '/changedAt'), ...serving.slice(0, 2).map((one) => podProof(one, '/container/startedAt'))];
    return found([finding('corefile-reload-failed', 'high', subject, { variant: 'broken', args, proof, remedies })]);
  },
});
