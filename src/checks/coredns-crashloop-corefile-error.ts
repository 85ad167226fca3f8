import { at, defineCheck, finding, found, passed } from './check.ts';
import { whenPodsCrash } from './consequences.ts';
import { corednsArgs, corednsSubject, outage, podProof } from './coredns-view.ts';
import { corefileFailure, crashedBy } from './crash.ts';

export default defineCheck({
  id: 'coredns-crashloop-corefile-error',
  title: 'CoreDNS starts with its Corefile',
  why: 'CoreDNS ends at once when it does not accept its Corefile, and the kubelet starts it again in vain. Pods that were running before the edit go on with the old text until they are restarted.',
  docs: 'https://coredns.io/manual/configuration/',
  wording: {
    found: 'CoreDNS does not start with its Corefile, {count} of {of} pods crash ({pods}). Line {line}: {message}',
    next: [
      'See its last words: kubectl -n {namespace} logs {pod} --previous',
      'Correct line {line} or put the last good Corefile back: kubectl -n {namespace} edit configmap {configMap}',
      'Then delete only the crashing pods, so that they start at once: kubectl -n {namespace} delete pod {pod}',
    ],
  },
  explains: [...whenPodsCrash, 'corefile-reload-failed', 'coredns-crashloop', 'corefile-reload-plugin-absent'],
  requires: ['coredns-pods'],
  uses: ['coredns-logs', 'coredns-events', 'coredns-workload', 'corefile'],
  judge(facts, { now }) {
    const { 'coredns-pods': pods, 'coredns-workload': workload } = facts;
    const crashed = crashedBy('corefile', facts, now);
    const failure = crashed.map(({ pod }) => corefileFailure(pod, facts)).find((one) => one !== null);
    if (failure === undefined) return passed;
    const configMap = facts.corefile?.configMap ?? workload?.configMap ?? 'coredns';
    const args = { ...corednsArgs(workload, pods, crashed), message: failure.message, line: failure.line ?? 'unknown', configMap };
    const proof = [at(failure.reading, failure.pointer), ...crashed.slice(0, 2).map((one) => podProof(one, '/container'))];
    const remedies = [{ id: 'restore-corefile', params: {} }];
    return found([
      finding('coredns-crashloop-corefile-error', outage(pods, now), corednsSubject(workload, pods), { args, proof, remedies }),
    ]);
  },
});
