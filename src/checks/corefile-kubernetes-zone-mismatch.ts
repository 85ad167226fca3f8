import { at, defineCheck, finding, found, passed, unknown } from './check.ts';
import { askedZone, internalRows, isServed, isServedSomewhere, knownName, knowsIt, servedZones } from './cluster-zone.ts';
import { corefileArgs, corefileSubject, directivesNamed } from './corefile-view.ts';
import { proofRows } from './lookup-view.ts';

export default defineCheck({
  id: 'corefile-kubernetes-zone-mismatch',
  title: 'CoreDNS serves the zone that pods ask for',
  why: 'Pods complete short names with the domain that the kubelet gives them. When the kubernetes plugin serves another zone, these names go to the upstream, which does not know them.',
  docs: 'https://coredns.io/plugins/kubernetes/',
  wording: {
    mismatch: {
      found: 'Pods ask for names in {zone}, but CoreDNS serves {served}: every Service name fails',
      next: [
        'Name {zone} in the line kubernetes of the Corefile: kubectl -n {namespace} edit configmap {configMap}',
        'If {served} is right, set clusterDomain of the kubelets to it and restart the pods',
      ],
    },
    absent: {
      found: 'Pods ask for names in {zone}, but the Corefile has no kubernetes plugin: every Service name fails',
      next: [
        'Put the block kubernetes {zone} in-addr.arpa ip6.arpa back into the server block of the zone ".": kubectl -n {namespace} edit configmap {configMap}',
      ],
    },
  },
  explains: ['coredns-internal-name-error', 'app-name-error'],
  requires: ['corefile'],
  uses: ['lookups', 'kubelets'],
  judge({ corefile, lookups, kubelets }) {
    if (corefile.error !== null) return unknown('the Corefile cannot be read');
    const zone = askedZone(lookups, kubelets);
    if (zone === null) return unknown('the zone that pods ask for is not known');
    if (isServed(corefile, zone) || isServedSomewhere(corefile, zone)) return passed;
    const rows = internalRows(lookups).filter(({ row }) => row.name === knownName(zone));
    if (rows.some(knowsIt)) return passed;
    if (rows.length === 0 && corefile.opaque.length > 0) return unknown('the Corefile has parts that cannot be seen');
    const served = servedZones(corefile);
    const plugins = directivesNamed(corefile, 'kubernetes');
    const args = { ...corefileArgs(corefile), zone: zone.slice(0, -1), served: served.map((one) => one.replace(/\.$/, '')) };
    const proof = [
      ...proofRows(rows, 2),
      ...(plugins.length === 0 ? [at('corefile', '/servers')] : plugins.slice(0, 2).map(({ pointer }) => at('corefile', pointer))),
    ];
    const severity = rows.length > 0 ? 'critical' : 'high';
    const parts = { variant: served.length === 0 ? 'absent' : 'mismatch', args, proof, remedies: [{ id: 'restore-corefile', params: {} }] };
    return found([finding('corefile-kubernetes-zone-mismatch', severity, corefileSubject(corefile), parts)]);
  },
});
