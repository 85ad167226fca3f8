import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { proofRows } from './lookup-view.ts';
import { absoluteWorks, failedShortNames, podArgs, podSubject } from './pod-view.ts';

export default defineCheck({
  id: 'pod-dnsconfig-none-incomplete',
  title: 'A pod with dnsPolicy None has a search path of its own',
  why: 'dnsPolicy None starts from nothing: what dnsConfig does not list is not there. Without searches, names like cart or cart.shop are not found, only full ones are.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config',
  wording: {
    searches: {
      found:
        'Pod {subject} has dnsPolicy None without a search path of the cluster: it can find Services by their full names ({example}) only',
      next: ['Add dnsConfig.searches in its template ({searches}), or set dnsPolicy: ClusterFirst: kubectl -n {namespace} edit {target}'],
    },
    ndots: {
      found:
        'Pod {subject} has dnsPolicy None with a search path, but without ndots: names with a dot are asked as they stand first, and with musl never with the search path',
      next: [
        'Add dnsConfig.options: [{ name: ndots, value: "5" }] in its template, when it uses names like cart.shop: kubectl -n {namespace} edit {target}',
      ],
    },
  },
  explains: ['app-name-error'],
  requires: ['pod'],
  uses: ['lookups'],
  judge({ pod, lookups }) {
    if (pod.dnsPolicy !== 'None') return notApplicable(`the pod has dnsPolicy ${pod.dnsPolicy}`);
    const zone = lookups?.zone ?? 'cluster.local';
    const searches = pod.resolvConf?.search ?? pod.dnsConfig?.searches ?? [];
    const hasCluster = searches.some((entry) => entry.replace(/\.$/, '').endsWith(`svc.${zone}`));
    const hasNdots = (pod.dnsConfig?.options ?? []).some(({ name }) => name === 'ndots');
    if (hasCluster && hasNdots) return found([]);
    // only a short name that the pod asked in vain shows that it uses such names
    const failed = absoluteWorks(lookups) ? failedShortNames(lookups, pod).filter(({ row }) => row.role === 'asked') : [];
    const severity = !hasCluster && failed.length > 0 ? 'high' : 'info';
    const args = {
      ...podArgs(pod),
      example: `kubernetes.default.svc.${zone}`,
      searches: [`${pod.namespace}.svc.${zone}`, `svc.${zone}`, zone],
    };
    const proof = [at('pod', '/dnsPolicy'), ...(pod.dnsConfig === null ? [] : [at('pod', '/dnsConfig')]), ...proofRows(failed, 2)];
    return found([
      finding('pod-dnsconfig-none-incomplete', severity, podSubject(pod), { variant: hasCluster ? 'ndots' : 'searches', args, proof }),
    ]);
  },
});
