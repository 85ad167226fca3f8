import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, notApplicable, passed, unknown } from './check.ts';
import { blockFor, canResolve, corefileArgs, corefileSubject } from './corefile-view.ts';
import { lately, logProof } from './log-view.ts';
import { proofRows } from './lookup-view.ts';
import { directRows, namesOf, outsideRows, resolved, sum } from './outside-view.ts';

export default defineCheck({
  id: 'corefile-no-forward',
  title: 'CoreDNS has somewhere to ask for names of the world',
  why: 'The kubernetes plugin knows only names of the cluster. Without a forward for the zone ".", CoreDNS answers every other name with SERVFAIL, or REFUSED where no server block takes it.',
  docs: 'https://coredns.io/plugins/forward/',
  wording: {
    found: 'The Corefile forwards names of the world nowhere, and they fail: {names}',
    next: [
      'Put the line forward . /etc/resolv.conf into the server block of the zone ".": kubectl -n {namespace} edit configmap {configMap}',
      'If this cluster is to know no names of the world, nothing has to be done',
    ],
  },
  explains: ['upstream-servfail', 'corefile-forward-unreachable', 'upstream-slow'],
  requires: ['corefile'],
  uses: ['lookups', 'coredns-logs'],
  judge({ corefile, lookups, 'coredns-logs': logs }, { now, request }) {
    if (corefile.error !== null) return unknown('the Corefile cannot be read');
    const root = blockFor(corefile, '.');
    if (root !== null && canResolve(root, '.')) return passed;
    if (corefile.opaque.length > 0) return unknown('the Corefile imports parts that cannot be seen');
    const rows = lookups === undefined ? [] : outsideRows(lookups);
    if (sum(rows, resolved) > 0) return notApplicable('names of the world are answered by other plugins');
    const failed = sum(rows, ({ row }) => row.answered - (row.rcodes['NOERROR'] ?? 0)) > 0;
    const wanted = lately(logs, ['no-next-plugin'], 30, now);
    // an upstream that cannot resolve either means a cluster without the world
    const direct = lookups === undefined ? [] : directRows(lookups);
    const closed = direct.length > 0 && sum(direct, ({ row }) => row.rcodes['NOERROR'] ?? 0) === 0;
    const severity: Severity = failed ? (closed && request.names.length === 0 ? 'info' : 'critical') : wanted.length > 0 ? 'high' : 'info';
    const index = root === null ? -1 : corefile.servers.indexOf(root);
    const names = failed ? namesOf(rows) : ['not looked up'];
    const proof = [
      at('corefile', index < 0 ? '/servers' : `/servers/${index}`),
      ...proofRows(failed ? rows : [], 2),
      ...logProof(wanted, 2),
    ];
    const parts = {
      args: { ...corefileArgs(corefile), names },
      proof,
      remedies: severity === 'info' ? [] : [{ id: 'restore-corefile', params: {} }],
    };
    return found([finding('corefile-no-forward', severity, corefileSubject(corefile), parts)]);
  },
});
