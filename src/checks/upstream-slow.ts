import type { Corefile } from '../domain/coredns.ts';
import type { Severity } from '../domain/finding.ts';
import { captureOffer } from './capture-view.ts';
import { at, defineCheck, finding, found, passed, unknown } from './check.ts';
import { forwardFor, upstreamNames } from './corefile-view.ts';
import { countOf, fieldsOf, lately, logProof, upstreamTrouble } from './log-view.ts';
import { proofRows, rowsOf } from './lookup-view.ts';
import { directRows, freshRows, type IndexedRow, namesOf, outsideRows, resolved, sum } from './outside-view.ts';

/** A resolver near by answers in milliseconds, one that has to ask far in some hundred; users notice from here on. */
const slowMs = 500;
/** CoreDNS gives an upstream two seconds before it tries the next. */
const retryMs = 2000;

const median = (rows: readonly IndexedRow[]): number => {
  const times = rows.flatMap(({ row }) => row.p50Ms ?? []).toSorted((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)] ?? 0;
};
const slowest = (rows: readonly IndexedRow[]): number => Math.max(0, ...rows.map(({ row }) => row.maxMs ?? 0));

const upstreamsOf = (corefile: Corefile | undefined): string[] => (corefile === undefined ? [] : upstreamNames(forwardFor(corefile, '.')));

export default defineCheck({
  id: 'upstream-slow',
  title: 'The upstream resolver answers quickly',
  why: 'The first lookup of a name waits for the upstream. When that takes seconds, clients give up or try again, and the load on it grows further.',
  docs: 'https://coredns.io/plugins/forward/',
  wording: {
    slow: {
      found:
        'Names of the world take {ms} ms through CoreDNS ({names}), names of the cluster {localMs} ms: the upstream ({upstreams}) is slow',
      next: [
        'Measure it from a CoreDNS node: dig {lookup} @{upstream}',
        'If it is far away or busy, use a nearer one; a longer cache helps too: cache with success 30000 300 in the Corefile',
      ],
    },
    'one-dead': {
      found:
        'One of the upstreams does not answer ({dead}; {times} failures in 10 minutes), so some lookups wait two seconds for it before the next is tried',
      next: [
        'Mend or remove that upstream in the line forward of the Corefile (or in the nameservers of the nodes)',
        'Measure each: dig {lookup} @{upstream}',
      ],
    },
  },
  explains: ['corefile-max-concurrent', 'coredns-slow-answers'],
  requires: ['lookups'],
  uses: ['corefile', 'coredns-logs', 'capture'],
  judge({ lookups, corefile, 'coredns-logs': logs, capture }, { now }) {
    const remedies = captureOffer(capture);
    const rows = outsideRows(lookups);
    const fresh = freshRows(rows);
    if (sum(fresh, resolved) === 0) return unknown('no name of the world came through CoreDNS');
    const local = rowsOf(lookups, { how: 'probe', kind: ['cluster-ip', 'endpoint'], proto: 'udp', role: ['internal', 'fresh'] });
    const ms = median(fresh);
    const localMs = median(local);
    const direct = directRows(lookups);
    const lookup = namesOf(fresh)[0] ?? '';
    // a busy place measures everything slowly: the names of the cluster show that
    const isSlow = ms >= slowMs && localMs * 4 < ms && (direct.length === 0 || median(direct) >= slowMs / 2);
    const subject = { kind: 'Resolver', name: direct[0]?.row.server ?? upstreamsOf(corefile)[0] ?? 'upstream' };
    if (isSlow) {
      const severity: Severity = ms >= retryMs ? 'high' : 'medium';
      const args = {
        ms,
        localMs,
        names: namesOf(fresh),
        upstreams: upstreamsOf(corefile),
        lookup,
        upstream: direct[0]?.row.server ?? 'UPSTREAM',
      };
      return found([
        finding('upstream-slow', severity, subject, {
          variant: 'slow',
          args,
          proof: [...proofRows(fresh, 3), ...proofRows(direct, 1)],
          remedies,
        }),
      ]);
    }
    const said = lately(logs, upstreamTrouble, 10, now);
    const dead = [...new Set([...fieldsOf(said, 'upstream'), ...fieldsOf(said, 'upstreams').flatMap((list) => list.split(','))])];
    const several = new Set(direct.map(({ row }) => row.server)).size > 1 || upstreamsOf(corefile).length > 1;
    const waits = slowest(rows) >= retryMs * 0.9 || rows.some(({ row }) => row.answered < row.shots);
    if (!several || !waits || dead.length !== 1 || countOf(said) < 5) return passed;
    const args = { dead, times: countOf(said), lookup, upstream: dead[0]?.replace(/:\d+$/, '') ?? '' };
    const proof = [
      ...logProof(said, 2),
      ...proofRows(
        rows.filter(({ row }) => (row.maxMs ?? 0) >= retryMs * 0.9 || row.answered < row.shots),
        2,
      ),
      ...(corefile === undefined ? [] : [at('corefile', '/servers')]),
    ];
    return found([finding('upstream-slow', 'medium', subject, { variant: 'one-dead', args, proof, remedies })]);
  },
});
