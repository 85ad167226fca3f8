import { at, defineCheck, finding, found, notApplicable, passed } from './check.ts';
import { whenPodsCrash } from './consequences.ts';
import { corednsArgs, livePods, outage } from './coredns-view.ts';

/** How the kubelet words it: `MountVolume.SetUp failed for volume "config-volume" : configmap "coredns" not found`, `references non-existent config key: Corefile`. */
const isAboutIt = (message: string, configMap: string): boolean =>
  (message.includes(`configmap "${configMap}" not found`) || message.includes('references non-existent config key')) &&
  !message.includes('kube-root-ca.crt');

export default defineCheck({
  id: 'corefile-missing',
  title: 'The ConfigMap with the Corefile is there',
  why: 'CoreDNS pods that run keep the Corefile they have, but no new pod can start without its ConfigMap: the next restart, rollout or node drain ends DNS.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/',
  wording: {
    found: 'The Corefile is gone: {namespace} has no ConfigMap {configMap} with the key {key}. {serving} of {of} CoreDNS pods still serve',
    next: [
      'Do not restart CoreDNS before the ConfigMap is back',
      'Put it back from a backup, or on EKS from the add-on: aws eks update-addon --cluster-name CLUSTER --addon-name coredns --resolve-conflicts OVERWRITE',
      'Check it: kubectl -n {namespace} get configmap {configMap} -o yaml',
    ],
  },
  explains: [...whenPodsCrash, 'coredns-crashloop', 'corefile-reload-failed'],
  requires: ['coredns-workload', 'coredns-pods'],
  uses: ['corefile', 'coredns-events'],
  judge({ 'coredns-workload': workload, 'coredns-pods': pods, corefile, 'coredns-events': events }, { now, failed }) {
    const { configMap } = workload;
    if (configMap === null) return notApplicable('CoreDNS does not take its Corefile from a ConfigMap');
    if (corefile !== undefined) return passed;
    const event = (events?.items ?? []).findIndex(({ message }) => isAboutIt(message, configMap));
    if (failed?.corefile !== 'missing' && event < 0) return passed;
    const severity = outage(pods, now);
    const live = livePods(pods);
    const args = {
      ...corednsArgs(workload, pods, live),
      configMap,
      key: workload.corefileKey,
      serving: live.filter(({ pod }) => pod.ready).length,
    };
    const proof = [at('coredns-workload', '/configMap'), ...(event < 0 ? [] : [at('coredns-events', `/items/${event}`)])];
    const subject = { kind: 'ConfigMap', namespace: workload.namespace, name: configMap };
    return found([finding('corefile-missing', severity, subject, { args, proof, remedies: [{ id: 'restore-corefile', params: {} }] })]);
  },
});
