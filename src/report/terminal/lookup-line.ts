import type { LookupRow } from '../../domain/lookups.ts';
import { shortMs } from './amounts.ts';
import { printable } from '../printable.ts';

const kinds: Record<LookupRow['serverKind'], string> = {
  'cluster-ip': 'Service',
  endpoint: 'CoreDNS',
  'node-local': 'node-local cache',
  upstream: 'upstream',
  nameserver: 'nameserver of the pod',
  resolver: 'resolver of the pod',
};

/** Where a name was asked from: a node (its probe pod), or the pod itself. */
export const fromWords = ({ from }: Pick<LookupRow, 'from'>, short: (node: string) => string): string =>
  from.how === 'probe' ? short(from.node) : `${from.pod} (${from.how})`;

/** What came of the shots of a row: `5/5 answered NOERROR, 1ms`, `0/5 answered, timeout`, `2/5 answered SERVFAIL, 3 timeout, 4ms`. */
export function outcomeWords({ shots, answered, rcodes, failure, p50Ms }: LookupRow): string {
  const codes = Object.entries(rcodes).map(([code, times]) => (times === answered ? code : `${times} ${code}`));
  const parts = [`${answered}/${shots} answered${codes.length === 0 ? '' : ` ${codes.join(', ')}`}`];
  if (answered < shots && failure !== null) parts.push(answered === 0 ? failure : `${shots - answered} ${failure}`);
  if (p50Ms !== null) parts.push(shortMs(p50Ms));
  return parts.join(', ');
}

/** A row of the lookup matrix in one line. */
export function lookupLine(row: LookupRow, short: (node: string) => string): string {
  const port = row.port === 53 ? '' : ` port ${row.port}`;
  const behind =
    row.serverPod === null ? kinds[row.serverKind] : `${row.serverPod}${row.serverNode === null ? '' : ` on ${short(row.serverNode)}`}`;
  return printable(`${fromWords(row, short)} → ${row.server}${port} (${behind}) ${row.proto} ${row.name} ${outcomeWords(row)}`);
}
