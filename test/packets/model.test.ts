import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { WayVerdict } from '../../src/domain/capture.ts';
import { type Happens, Network, wayTo } from './network.ts';
import { clusterIp, podA, podB } from './traffic.ts';

/** What a model network does to a request, and what it must be called. */
const hops: readonly { happens: Happens; code: WayVerdict }[] = [
  { happens: {}, code: 'dns-ok' },
  { happens: { lostRequest: true }, code: 'lost-request' },
  { happens: { droppedInPod: true }, code: 'dropped-in-pod' },
  { happens: { lostReply: true }, code: 'lost-reply' },
  { happens: { delayMs: 1200 }, code: 'slow-server' },
  { happens: { upstream: 'silent' }, code: 'upstream' },
  { happens: { notSent: true }, code: 'not-sent' },
];

const shot = fc.record({
  to: fc.constantFrom(podA, podB, clusterIp),
  through: fc.constantFrom<'a' | 'b'>('a', 'b'),
  hop: fc.integer({ min: 0, max: hops.length - 1 }),
});

const viaOf = ({ to, through }: { to: string; through: 'a' | 'b' }): 'a' | 'b' => (to === podA ? 'a' : to === podB ? 'b' : through);

type Shot = { to: string; through: 'a' | 'b'; hop: number };

function sent(shots: readonly Shot[]): Network {
  const network = new Network();
  for (const [i, one] of shots.entries()) network.probe(i, one.to, viaOf(one), hops[one.hop]?.happens);
  return network;
}

function expected(shots: readonly Shot[], to: string): Partial<Record<WayVerdict, number>> {
  const counts: Partial<Record<WayVerdict, number>> = {};
  for (const one of shots.filter((any) => any.to === to)) {
    const code = hops[one.hop]?.code ?? 'unknown';
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

describe('a network that loses packets at any hop', () => {
  test('is told exactly, request by request', () => {
    fc.assert(
      fc.property(fc.array(shot, { minLength: 1, maxLength: 80 }), (shots) => {
        const report = sent(shots).report();
        for (const to of new Set(shots.map((one) => one.to))) {
          const way = wayTo(report, to);
          expect(way.outcomes).toEqual(expected(shots, to));
          const of = shots.filter((one) => one.to === to);
          const count = (...codes: WayVerdict[]): number => of.filter((one) => codes.includes(hops[one.hop]?.code ?? 'unknown')).length;
          const left = of.length - count('not-sent');
          expect(way.udp).toMatchObject({
            told: of.length,
            sent: left,
            arrived: left - count('lost-request'),
            answered: count('dns-ok', 'slow-server', 'lost-reply'),
            returned: count('dns-ok', 'slow-server'),
            loss: 1 - count('dns-ok', 'slow-server') / of.length,
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is told the same, however the packets of different queries are interleaved', () => {
    fc.assert(
      fc.property(
        fc.array(shot, { minLength: 1, maxLength: 40 }),
        fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 40, maxLength: 40 }),
        (shots, shifts) => {
          const shifted = sent(shots);
          // each query with all of its packets is moved in time
          for (const packets of Object.values(shifted.packets))
            for (const packet of packets)
              if (packet.kind === 'message') packet.at += shifts[Number(/^dnsbot-\w+-(\d+)/.exec(packet.name ?? '')?.[1] ?? 0)] ?? 0;
          const [plain, moved] = [sent(shots).report(), shifted.report()];
          for (const to of new Set(shots.map((one) => one.to))) {
            const { outcomes, udp, verdict, share } = wayTo(plain, to);
            expect(wayTo(moved, to)).toMatchObject({ outcomes, udp, verdict, share });
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('retransmissions are requests of their own: half of them lost is half', () => {
    const network = new Network();
    for (let i = 0; i < 40; i++) {
      const ask = { to: podA, port: 20_000 + i, id: i, name: `n${i}.shop`, at: i * 10 };
      network.ask(ask, 'a', { lostRequest: true });
      network.ask({ ...ask, at: ask.at + 5000 }, 'a', {});
    }
    const way = wayTo(network.later().report(), podA);
    expect(way.udp).toMatchObject({ sent: 80, arrived: 40, answered: 40, returned: 40, loss: 0.5 });
    expect(way).toMatchObject({ verdict: 'lost-request', share: 0.5 });
  });
});
