import { describe, expect, test } from '@jest/globals';
import { parseQueryLine } from '../../../src/formats/query-log.ts';
import { Tally } from '../../../src/remedies/query-log/tally.ts';

const line = (ip: string, name: string, { type = 'A', rcode = 'NOERROR', seconds = 0.001, at = 0 } = {}): string =>
  `2026-11-25T03:00:${String(at).padStart(2, '0')}.000000000Z [INFO] ${ip}:4711 - 1 "${type} IN ${name} udp 40 false 512" ${rcode} ${rcode === '-' ? '-' : 'qr,rd,ra'} 100 ${seconds}s`;

function sumOf(lines: readonly string[], classes: 'all' | 'denial error' = 'all') {
  const tally = new Tally({ zones: ['cluster.local.'], classes });
  tally.probesIn(lines.join('\n'));
  for (const one of lines) tally.query(parseQueryLine(one)!);
  return tally.result({ seconds: 10, cut: false, unreadable: 2 });
}

describe('query lines are added up', () => {
  test('by client, name and answer, the most first, ten at most', () => {
    const many = Array.from({ length: 30 }, (_, n) => line(`10.0.0.${n}`, `name-${n}.example.`));
    const sum = sumOf([...many, line('10.0.0.7', 'name-7.example.'), line('10.0.0.7', 'x.example.', { rcode: 'NXDOMAIN' })]);
    expect(sum).toMatchObject({ lines: 32, perSecond: 3.2, unreadable: 2, rcodes: { NOERROR: 31, NXDOMAIN: 1 } });
    expect([sum.clients.length, sum.names.length]).toEqual([10, 10]);
    expect([sum.clients[0], sum.names[0]]).toEqual([
      { address: '10.0.0.7', pod: null, queries: 3 },
      { name: 'name-7.example.', type: 'A', queries: 2 },
    ]);
  });

  test('the slowest are named, slowest first, ten at most; an upstream that failed has the rcode -', () => {
    const slow = Array.from({ length: 40 }, (_, n) => line('10.0.0.1', `s${n}.example.`, { seconds: 0.49 + n / 100 }));
    const sum = sumOf([...slow, line('10.0.0.1', 'dead.example.', { seconds: 4.000512, rcode: '-' })]);
    expect(sum.slow).toHaveLength(10);
    expect(sum.slow.slice(0, 2)).toEqual([
      { name: 'dead.example.', type: 'A', rcode: '-', ms: 4001 },
      { name: 's39.example.', type: 'A', rcode: 'NOERROR', ms: 880 },
    ]);
  });

  test('how many the search list made is told where all queries were logged', () => {
    const lookup = [
      line('10.0.0.1', 'amazon.com.shop.svc.cluster.local.', { rcode: 'NXDOMAIN', at: 1 }),
      line('10.0.0.1', 'amazon.com.svc.cluster.local.', { rcode: 'NXDOMAIN', at: 1 }),
      line('10.0.0.1', 'amazon.com.cluster.local.', { rcode: 'NXDOMAIN', at: 1 }),
      line('10.0.0.1', 'amazon.com.', { at: 1 }),
    ];
    expect(sumOf(lookup).searchShare).toBe(0.75);
    expect(sumOf(lookup, 'denial error').searchShare).toBeNull();
    expect(sumOf([]).searchShare).toBeNull();
  });

  test('but for what dns-medic and CoreDNS itself ask', () => {
    const sum = sumOf([
      line('10.0.0.9', 'amazon.com.'),
      line('10.0.0.9', 'dns-medic-x1.kubernetes.default.svc.cluster.local.', { rcode: 'NXDOMAIN' }),
      line('127.0.0.1', '83617.54229.', { type: 'HINFO', rcode: 'NXDOMAIN' }),
      line('10.0.0.1', 'amazon.com.'),
    ]);
    expect(sum).toMatchObject({ lines: 1, rcodes: { NOERROR: 1 }, clients: [{ address: '10.0.0.1', queries: 1 }] });
  });
});
