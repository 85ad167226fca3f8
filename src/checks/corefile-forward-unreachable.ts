import type { Corefile } from '../domain/coredns.ts';
import type { Lookups } from '../domain/lookups.ts';
import { at, defineCheck, finding, found, passed, unknown } from './check.ts';
import {
  absolute,
  blockFor,
  canResolve,
  corefileArgs,
  corefileSubject,
  directivesNamed,
  forwardFor,
  upstreamNames,
} from './corefile-view.ts';
import { upstreamProof } from './capture-view.ts';
import { fieldsOf, lately, type LogEntry, logProof, upstreamTrouble } from './log-view.ts';
import { proofRows, tally } from './lookup-view.ts';
import { directRows, freshRows, type IndexedRow, lostShots, namesOf, outsideRows, resolved, servfails, sum } from './outside-view.ts';

const isForwardedByRoot = (corefile: Corefile, name: string): boolean =>
  blockFor(corefile, name) === blockFor(corefile, '.') && (forwardFor(corefile, name)?.from ?? '.') === '.';

/** Rows of names that the root forward takes; a stub zone with an upstream of its own is another matter. */
const throughRoot = (lookups: Lookups, corefile: Corefile | undefined): IndexedRow[] =>
  outsideRows(lookups).filter(({ row }) => corefile === undefined || isForwardedByRoot(corefile, absolute(row.name.replace('*', 'x'))));

/** One CoreDNS address (or the Service) as names of the world fare there: nothing came through, though enough was tried. */
function isDead(rows: readonly IndexedRow[], hasComplaints: boolean): boolean {
  const { shots } = tally(rows);
  // what is cached may still be answered for a while
  const none = sum(rows, resolved) === 0 || (hasComplaints && sum(freshRows(rows), resolved) === 0);
  return shots >= 2 && none;
}

/** Whether it is known that the upstream does not answer: CoreDNS leaves the client waiting, says so in its log, or we cannot reach it either. */
function isSilence(rows: readonly IndexedRow[], said: readonly LogEntry[], direct: readonly IndexedRow[]): boolean {
  const waited = rows.some(({ row }) => row.failure === 'timeout') && sum(rows, lostShots) > sum(rows, servfails);
  const answers = sum(direct, ({ row }) => row.answered);
  if (waited || (direct.length > 0 && answers === 0)) return true;
  // an upstream that answers us, whatever it says, is no silent one: the log may be of a moment before
  return answers === 0 && said.length > 0;
}

export default defineCheck({
  id: 'corefile-forward-unreachable',
  title: 'CoreDNS reaches the server that it forwards to',
  why: 'CoreDNS asks its upstream for every name outside the cluster. When that does not answer, these lookups end in a timeout or SERVFAIL after seconds, while names of the cluster work.',
  docs: 'https://coredns.io/plugins/forward/',
  wording: {
    all: {
      found:
        'CoreDNS forwards to {upstreams}, which does not answer: {names} fail at every CoreDNS pod that was asked, names of the cluster work',
      next: [
        'See where it forwards to, and when that was changed ({changedAt}): kubectl -n {namespace} get configmap {configMap} -o yaml',
        'If the Corefile was changed, put it back (the usual line is forward . /etc/resolv.conf): kubectl -n {namespace} edit configmap {configMap}',
        'If it was not, see why {upstreams} is not reached from the CoreDNS nodes on port 53: security groups, routes, VPC DNS support, the server itself',
      ],
    },
    some: {
      found: 'Some CoreDNS pods get no answer from the upstream ({upstreams}): {names} fail at {servers}, and work at others',
      next: [
        'Compare the nodes of these pods: security group, route, network ACL to {upstreams} on port 53',
        'Move such a pod to another node: kubectl -n {namespace} delete pod NAME',
      ],
    },
  },
  explains: [
    'upstream-slow',
    'upstream-servfail',
    'corefile-max-concurrent',
    'vpc-dns-pps-throttle',
    'corefile-force-tcp-upstream',
    'coredns-slow-answers',
  ],
  requires: ['lookups'],
  uses: ['corefile', 'coredns-logs', 'capture'],
  judge({ lookups, corefile, 'coredns-logs': logs, capture }, { now }) {
    const rows = throughRoot(lookups, corefile);
    if (rows.length === 0) return unknown('CoreDNS was not asked for names of the world, or does not answer at all');
    const root = corefile === undefined ? null : blockFor(corefile, '.');
    if (corefile !== undefined && corefile.error === null && (root === null || !canResolve(root, '.'))) return passed;
    const said = lately(logs, upstreamTrouble, 10, now);
    const servers = [...Map.groupBy(rows, ({ row }) => row.serverPod ?? row.server)].map(([server, own]) => ({
      server,
      own,
      pod: own[0]?.row.serverPod ?? null,
    }));
    const dead = servers.filter(({ own }) => isDead(own, said.length > 0));
    const failed = dead.flatMap(({ own }) => own).filter((one) => lostShots(one) + servfails(one) > 0);
    const direct = directRows(lookups);
    if (failed.length === 0 || !isSilence(failed, said, direct)) return passed;
    const everywhere = servers.every(({ own }) => dead.some((one) => one.own === own));
    // the Service alone, while every pod by itself gets through, is no matter of the upstream
    if (dead.every(({ pod }) => pod === null) && servers.some(({ pod }) => pod !== null)) return passed;
    const written = corefile === undefined ? [] : upstreamNames(forwardFor(corefile, '.'));
    const upstreams = written.some((name) => !name.startsWith('/')) ? written : [...written, ...fieldsOf(said, 'upstream')];
    const args = {
      ...(corefile === undefined ? { namespace: 'kube-system', configMap: 'coredns' } : corefileArgs(corefile)),
      upstreams: upstreams.length === 0 ? 'its upstream' : upstreams,
      names: namesOf(failed),
      servers: dead.map(({ server }) => server),
      changedAt: corefile?.changedAt ?? 'not known',
    };
    const forwards = corefile === undefined ? [] : directivesNamed(corefile, 'forward').slice(0, 1);
    const proof = [
      ...proofRows(failed, 3),
      ...proofRows(
        direct.filter(({ row }) => row.answered === 0),
        1,
      ),
      ...(capture === undefined ? [] : upstreamProof(capture)),
      ...logProof(said, 2),
      ...forwards.map(({ pointer }) => at('corefile', pointer)),
    ];
    const subject = corefile === undefined ? { kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' } : corefileSubject(corefile);
    const parts = {
      variant: everywhere ? 'all' : 'some',
      args,
      proof,
      remedies: everywhere ? [{ id: 'restore-corefile', params: {} }] : [],
    };
    return found([finding('corefile-forward-unreachable', everywhere ? 'critical' : 'high', subject, parts)]);
  },
});
