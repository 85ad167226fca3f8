import type { Corefile, ServerBlock } from '../domain/coredns.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, notApplicable, passed, unknown } from './check.ts';
import { askedZone, internalRows, isServed, isServedSomewhere, knownName, knowsIt } from './cluster-zone.ts';
import { absolute, blockFor, corefileArgs, corefileSubject, forwardFor, isInZone, upstreamNames } from './corefile-view.ts';
import { countOf, lately, type LogEntry, logProof, upstreamTrouble } from './log-view.ts';
import { proofRows } from './lookup-view.ts';
import { directRows, type IndexedRow, outsideRows, resolved, sum } from './outside-view.ts';

/** The zone that takes a name away from the root: of its own block, or of a `forward` with a zone of its own. */
interface Stub {
  zone: string;
  upstreams: string[];
  line: number;
  pointer: string;
}

function stubFor(corefile: Corefile, name: string): Stub | null {
  const block = blockFor(corefile, name);
  if (block === null) return null;
  const forward = forwardFor(corefile, name);
  const own = zoneOf(block, name);
  const zone = forward !== null && forward.from.length > own.length ? forward.from : own;
  const pointer = `/servers/${corefile.servers.indexOf(block)}`;
  return zone === '.' ? null : { zone, upstreams: upstreamNames(forward), line: forward?.line ?? block.line, pointer };
}

const zoneOf = (block: ServerBlock, name: string): string =>
  block.zones
    .map(({ zone }) => zone)
    .filter((zone) => isInZone(name, zone))
    .toSorted((a, b) => b.length - a.length)[0] ?? '.';

/** Whether a name fails for good where the upstream of all other names knows it, or does not answer at all. */
function fails(rows: readonly IndexedRow[], lookups: Lookups): boolean {
  const name = rows[0]?.row.name ?? '';
  if (sum(rows, ({ row }) => row.rcodes['NOERROR'] ?? 0) > 0) return false;
  const known = sum(directRows(lookups, name), ({ row }) => row.rcodes['NOERROR'] ?? 0) > 0;
  return known || sum(rows, resolved) === 0;
}

/** Names of the world that a stub takes and that fail. */
function failing(lookups: Lookups, corefile: Corefile): { stub: Stub; rows: IndexedRow[] } | null {
  const all = outsideRows(lookups).filter(({ row }) => row.role !== 'fresh-external');
  for (const [name, rows] of Map.groupBy(all, ({ row }) => row.name)) {
    const stub = stubFor(corefile, absolute(name));
    if (stub !== null && fails(rows, lookups)) return { stub, rows };
  }
  return null;
}

/** A stub whose upstream does not answer, from the log alone: the names that failed lie in it, and other names come through. */
function complaining(entries: readonly LogEntry[], corefile: Corefile): { stub: Stub; said: LogEntry[] } | null {
  for (const entry of entries) {
    const stub = entry.fields['name'] === undefined ? null : stubFor(corefile, absolute(entry.fields['name']));
    if (stub !== null && entry.count >= 5) return { stub, said: [entry] };
  }
  return null;
}

const hasStub = ({ servers }: Corefile): boolean =>
  servers.some(
    ({ zones, directives }) =>
      zones.every(({ zone }) => zone !== '.') || directives.some(({ name, args }) => name === 'forward' && (args[0] ?? '.') !== '.'),
  );

export default defineCheck({
  id: 'corefile-stub-zone-shadow',
  title: 'Zones with a server block or forward of their own are answered',
  why: 'The longest zone that fits a name decides which server block answers it, alone. A stub zone with a dead or wrong upstream makes all names below it fail, while others work.',
  docs: 'https://coredns.io/manual/configuration/',
  wording: {
    outside: {
      found: 'Names in {zone} fail ({lookup}): line {line} of the Corefile sends them to {upstreams}, which does not know or answer them',
      next: [
        'Ask that upstream directly: dig {lookup} @{upstream}',
        'Correct or delete the zone: kubectl -n {namespace} edit configmap {configMap}, line {line}',
      ],
    },
    log: {
      found:
        'The upstream of the zone {zone} ({upstreams}; line {line} of the Corefile) does not answer: {count} failures in 10 minutes, {lookup} last',
      next: [
        'Ask that upstream directly: dig {lookup} @{upstream}',
        'Correct or delete the zone: kubectl -n {namespace} edit configmap {configMap}, line {line}',
      ],
    },
    inside: {
      found:
        'The server block in line {line} of the Corefile takes {lookup} away from the kubernetes plugin (zone {zone}): Service names fail',
      next: ['Delete the block, or put the kubernetes plugin into it too: kubectl -n {namespace} edit configmap {configMap}, line {line}'],
    },
  },
  explains: ['coredns-internal-name-error', 'app-name-error'],
  requires: ['corefile'],
  uses: ['lookups', 'kubelets', 'coredns-logs'],
  judge({ corefile, lookups, kubelets, 'coredns-logs': logs }, { now, request }) {
    if (corefile.error !== null) return unknown('the Corefile cannot be read');
    const subject = corefileSubject(corefile);
    const args = (stub: Stub, lookup: string) => ({
      ...corefileArgs(corefile),
      ...stub,
      lookup,
      upstream: stub.upstreams[0] ?? 'UPSTREAM',
      count: 0,
    });
    const zone = askedZone(lookups, kubelets);
    const name = zone === null ? '' : knownName(zone);
    const shadow = zone === null || isServed(corefile, zone) || !isServedSomewhere(corefile, zone) ? null : stubFor(corefile, name);
    const internal = internalRows(lookups);
    if (shadow !== null && internal.length > 0 && !internal.some(knowsIt)) {
      return found([
        finding('corefile-stub-zone-shadow', 'critical', subject, {
          variant: 'inside',
          args: { ...args(shadow, name), line: blockFor(corefile, name)?.line },
          proof: [at('corefile', shadow.pointer), ...proofRows(internal, 2)],
          remedies: [{ id: 'restore-corefile', params: {} }],
        }),
      ]);
    }
    if (!hasStub(corefile)) return notApplicable('no zone has a server block or forward of its own');
    if (lookups === undefined) return unknown('nothing was looked up');
    const others = outsideRows(lookups).filter(({ row }) => stubFor(corefile, absolute(row.name)) === null);
    if (others.length > 0 && sum(others, resolved) === 0) return unknown('no name outside these zones was answered either');
    const dead = failing(lookups, corefile);
    if (dead !== null) {
      const lookup = dead.rows[0]?.row.name ?? '';
      const severity: Severity =
        request.names.map(absolute).includes(lookup) || dead.rows.some(({ row }) => row.role === 'asked') ? 'critical' : 'high';
      const parts = {
        variant: 'outside',
        args: args(dead.stub, lookup),
        proof: [at('corefile', dead.stub.pointer), ...proofRows(dead.rows, 3)],
        // it may as well be the upstream that fails: only a Corefile that was changed since it worked is put back
        remedies: [{ id: 'restore-corefile', params: { source: 'newest' } }],
      };
      return found([finding('corefile-stub-zone-shadow', severity, subject, parts)]);
    }
    const quiet = complaining(lately(logs, upstreamTrouble, 10, now), corefile);
    if (quiet === null) return passed;
    const parts = {
      variant: 'log',
      args: { ...args(quiet.stub, quiet.said[0]?.fields['name'] ?? ''), count: countOf(quiet.said) },
      proof: [at('corefile', quiet.stub.pointer), ...logProof(quiet.said)],
    };
    return found([finding('corefile-stub-zone-shadow', 'medium', subject, parts)]);
  },
});
