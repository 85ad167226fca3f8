import type { Corefile } from '../domain/coredns.ts';
import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, passed, unknown } from './check.ts';
import { absolute, blockFor, canResolve, directivesNamed, forwardFor, upstreamNames } from './corefile-view.ts';
import { lately, upstreamTrouble } from './log-view.ts';
import { proofRows } from './lookup-view.ts';
import { directRows, freshRows, type IndexedRow, namesOf, outsideRows, resolved, servfails, sum } from './outside-view.ts';

/** CoreDNS makes SERVFAIL itself when it has nobody to ask; that leaves a line in its log. */
const ownFailures = [...upstreamTrouble, 'no-next-plugin'];

const onlyServfail = (rows: readonly IndexedRow[]): boolean => sum(rows, servfails) >= 2 && sum(rows, resolved) === 0;

const stem = (name: string): string => absolute(name).replace(/^[^.]*\*[^.]*\./, '');

/** Whether the upstream itself says so when it is asked: SERVFAIL there too, or it was not asked. */
const isConfirmed = (direct: readonly IndexedRow[]): boolean => direct.length === 0 || sum(direct, servfails) > 0;

const hasForward = (corefile: Corefile | undefined): boolean => {
  const root = corefile === undefined ? null : blockFor(corefile, '.');
  return corefile === undefined || corefile.error !== null || (root !== null && canResolve(root, '.'));
};

export default defineCheck({
  id: 'upstream-servfail',
  title: 'The upstream resolver finds names of the world',
  why: 'SERVFAIL from the upstream means that it could not find out: its own upstream or a delegation is broken, or DNSSEC does not hold. CoreDNS can only pass that on.',
  docs: 'https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html',
  wording: {
    all: {
      found: 'The upstream resolver ({upstreams}) answers SERVFAIL to names of the world: {names}',
      next: [
        'Ask it directly from a node: dig {lookup} @{upstream}',
        'On AWS see Route 53 Resolver rules and DNS Firewall for these names, and the servers that a rule forwards to',
        'If it is a resolver of your own, look at its log and its upstream; CoreDNS only passes its answer on',
      ],
    },
    one: {
      found: 'The upstream resolver ({upstreams}) answers SERVFAIL to {names}; other names of the world work',
      next: [
        'Ask it directly from a node: dig {lookup} @{upstream}',
        'Ask another resolver: dig {lookup} @1.1.1.1; if that fails too, the domain itself is broken (dig +trace {lookup}), else see Resolver rules for it',
      ],
    },
  },
  explains: ['upstream-slow'],
  requires: ['lookups'],
  uses: ['corefile', 'coredns-logs'],
  judge({ lookups, corefile, 'coredns-logs': logs }, { now }) {
    const rows = outsideRows(lookups);
    if (rows.length === 0) return unknown('CoreDNS was not asked for names of the world, or does not answer at all');
    const confessed = sum(directRows(lookups), servfails) > 0;
    if (!hasForward(corefile) || (!confessed && lately(logs, ownFailures, 10, now).length > 0)) return passed;
    // an own part of the zone may fail where the name it belongs to does not
    const named = Map.groupBy(rows, ({ row }) => stem(row.name));
    const broken = [...named].filter(
      ([name, own]) =>
        onlyServfail(freshRows(own)) &&
        onlyServfail(own.filter(({ row }) => row.role !== 'fresh-external')) &&
        isConfirmed(directRows(lookups, name)),
    );
    if (broken.length === 0) return passed;
    const failing = broken.flatMap(([, own]) => own);
    const all = broken.length === named.size;
    const asked = failing.some(({ row }) => row.role === 'asked');
    const severity: Severity = all ? 'critical' : asked ? 'high' : 'info';
    const direct = broken.flatMap(([name]) => directRows(lookups, name));
    const forward = corefile === undefined ? null : forwardFor(corefile, broken[0]?.[0] ?? '.');
    const servers = [...new Set(direct.map(({ row }) => row.server))];
    const upstreams = servers.length > 0 ? servers : upstreamNames(forward);
    const names = namesOf(failing.filter(({ row }) => row.role !== 'fresh-external'));
    const args = {
      upstreams: upstreams.length === 0 ? 'not known' : upstreams,
      upstream: servers[0] ?? 'UPSTREAM',
      names,
      lookup: names[0] ?? '',
    };
    const forwards = corefile === undefined ? [] : directivesNamed(corefile, 'forward').slice(0, 1);
    const proof = [
      ...proofRows(failing, 3),
      ...proofRows(
        direct.filter((one) => servfails(one) > 0),
        2,
      ),
      ...forwards.map(({ pointer }) => at('corefile', pointer)),
    ];
    const subject = { kind: 'Resolver', name: upstreams[0] ?? 'upstream' };
    return found([finding('upstream-servfail', severity, subject, { variant: all ? 'all' : 'one', args, proof })]);
  },
});
