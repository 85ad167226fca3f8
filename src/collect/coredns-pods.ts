import type { Collector } from './collector.ts';
import { given } from './given.ts';
import { selectorText } from '../rules/selector-text.ts';
import { systemPod } from './system-pod.ts';

/** The pods of CoreDNS' workload; where that was not found, those with the usual label. */
export const corednsPods: Collector<'coredns-pods'> = {
  id: 'coredns-pods',
  title: 'Reading the CoreDNS pods',
  after: ['coredns-workload'],
  needs: [{ group: '', resource: 'pods', verb: 'list', scope: 'dns' }],
  timeoutMs: 8000,
  async collect({ port, settings, have, signal }) {
    const workload = given(have['coredns-workload']);
    // an empty selector would select every pod of the namespace
    const own = workload === null ? '' : selectorText(workload.selector);
    const labelSelector = own === '' ? (settings.dns.selector ?? 'k8s-app=kube-dns') : own;
    const namespace = workload?.namespace ?? settings.dns.namespace;
    const { items, complete } = await port.list(`/api/v1/namespaces/${namespace}/pods`, { labelSelector, limit: 50, signal });
    return { items: items.map((item) => systemPod(item, 'coredns')).filter((pod) => pod.name !== ''), complete };
  },
};
