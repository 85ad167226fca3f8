import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Seen } from '../../../src/packets/seen.ts';
import { back, overUdp, port, question, reply, segment, unreachable } from './people.ts';
import { readBytes, type Read } from './read.ts';
import { f32, joined } from './write/bytes.ts';
import { withLength } from './write/dns.ts';
import { fragments, tcpFlags, udp } from './write/ip.ts';
import { frame, linkTypes } from './write/link.ts';
import { pcapHeader, pcapRecord } from './write/pcap.ts';
import { enhancedBlock, interfaceBlock, obsoleteBlock, sectionBlock, simpleBlock } from './write/pcapng.ts';

const long = withLength(reply({ answers: 20 }));
const v6 = { source: new Uint8Array(16).fill(1), destination: new Uint8Array(16).fill(2) };
/** Some of everything. */
const packets = [
  overUdp(question()),
  overUdp(reply(), back),
  unreachable(3, overUdp(question())),
  ...fragments({ ...back, protocol: 17, payload: udp(53, port, reply({ answers: 10 })) }, 1, 80),
  ...fragments({ ...v6, protocol: 17, payload: udp(53, port, reply({ answers: 10 })) }, 1, 80),
  segment(1, new Uint8Array(0), { flags: tcpFlags.syn }),
  segment(2, withLength(question())),
  segment(50, long.subarray(0, 90), {}, back),
  segment(250, long.subarray(200), {}, back),
  segment(140, long.subarray(90, 200), {}, back),
  segment(9, question(), { destinationPort: 853 }),
];

const pcap = (linkType: number): Uint8Array => {
  const model = { order: 'little', nano: false, linkType } as const;
  return joined(
    pcapHeader(model),
    ...packets.map((packet, index) => pcapRecord(model, BigInt(index), frame({ type: linkType, tags: [0x81_00] }, packet))),
  );
};
const pcapng = (): Uint8Array => {
  const blocks = packets.flatMap((packet, index) => {
    const bytes = frame({ type: linkTypes.ethernet }, packet);
    const write = index % 2 === 0 ? enhancedBlock : obsoleteBlock;
    return [write({ interface: 0, units: BigInt(index), bytes }, 'big'), simpleBlock(bytes, 'big')];
  });
  return joined(sectionBlock('big'), interfaceBlock({ linkType: 1, resolution: 9 }, 'big'), ...blocks);
};
const files = [pcap(linkTypes.ethernet), pcap(linkTypes.cooked2), pcap(linkTypes.cooked1), pcapng()];

/** What holds of every packet that is told, whatever the file says. */
function isSound(seen: Seen): boolean {
  const words = seen.kind === 'message' ? `${seen.name} ${seen.type}` : seen.kind === 'unreadable' ? seen.why : seen.kind;
  return (
    seen.at >= 0 &&
    seen.at <= 8.64e15 &&
    seen.number > 0 &&
    /^[0-9a-f.:]+ [0-9a-f.:]+$/.test(`${seen.source} ${seen.destination}`) &&
    /^[\x20-\x7e]+$/.test(words) &&
    words.length <= (seen.kind === 'unreadable' ? 80 : 1_024)
  );
}

const unsound = (all: readonly Seen[]): Seen[] => all.filter((seen) => !isSound(seen));

/** Reads it at once, byte by byte, and in pieces: all the same, sound, and in bounded memory. */
function expectSafe(file: Uint8Array, sizes: readonly number[] = [1, 13, 64]): Read {
  const read = readBytes(file);
  expect(unsound(read.seen)).toEqual([]);
  expect(read.end.bytes).toBeLessThanOrEqual(file.length);
  expect((read.end.cut ?? '').length).toBeLessThan(200);
  for (const size of sizes) {
    const again = readBytes(file, [size]);
    expect(JSON.stringify([again.seen, again.end])).toBe(JSON.stringify([read.seen, read.end]));
    expect(again.most.record).toBeLessThanOrEqual(262_144 + 4_096);
  }
  return read;
}

describe('a hostile file', () => {
  test('has been read whole before it is made hostile', () => {
    for (const file of files) expect(expectSafe(file).end.cut).toBeNull();
    expect(files.map((file) => readBytes(file).seen.length)).toEqual([9, 9, 9, 14]);
  });

  test('of any bytes, also behind the beginning of a capture', () => {
    const beginning = fc.constantFrom(new Uint8Array(0), ...files.map((file) => file.subarray(0, 24)), pcapng().subarray(0, 84));
    fc.assert(
      fc.property(beginning, fc.uint8Array({ maxLength: 600 }), (start, bytes) => void expectSafe(joined(start, bytes), [1, 50])),
      { numRuns: 400 },
    );
  });

  test('that ends anywhere', () => {
    for (const file of files) {
      for (let length = 0; length < file.length; length++) {
        const { end, seen } = readBytes(file.subarray(0, length));
        expect(end.bytes).toBe(length);
        expect(unsound(seen)).toEqual([]);
      }
    }
  });

  test('with a bit that is flipped, wherever it is', () => {
    const file = pcap(linkTypes.ethernet);
    for (let at = 0; at < file.length; at++) {
      const flipped = file.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(unsound(readBytes(flipped, [100]).seen)).toEqual([]);
    }
  });

  const value = fc.constantFrom(0, 1, 3, 12, 0x7f, 0xff, 0xc0, 0xff_ff, 0x8000, 262_144, 262_145, 0x7fff_ffff, 0xffff_fffc, 0xffff_ffff);
  const change = fc.oneof(
    fc.record({ kind: fc.constant('number' as const), at: fc.nat(), value, order: fc.constantFrom('little' as const, 'big' as const) }),
    fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), value: fc.nat(255), order: fc.constant('big' as const) }),
    fc.record({ kind: fc.constant('drop' as const), at: fc.nat(), value: fc.nat(60), order: fc.constant('big' as const) }),
    fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), value: fc.nat(200), order: fc.constant('big' as const) }),
  );
  type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

  const changed = (file: Uint8Array, { kind, at, value: number, order }: Change): Uint8Array => {
    const from = at % file.length;
    if (kind === 'drop') return joined(file.subarray(0, from), file.subarray(from + number));
    if (kind === 'repeat') return joined(file.subarray(0, from + number), file.subarray(from));
    return joined(file.subarray(0, from), kind === 'byte' ? [number] : f32(number, order), file.subarray(from + (kind === 'byte' ? 1 : 4)));
  };

  test('with numbers that lie, parts that are gone, and parts that come again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 6 }), (file, changes) => {
        expectSafe(changes.reduce(changed, file), [11, 40]);
      }),
      { numRuns: 600 },
    );
  });

  test('whose packets lie, while the file does not', () => {
    const model = { order: 'little', nano: false, linkType: linkTypes.raw } as const;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...packets), fc.array(change, { maxLength: 3 })), { minLength: 1, maxLength: 20 }),
        (list) => {
          const records = list.map(([packet, changes], index) => pcapRecord(model, BigInt(index), changes.reduce(changed, packet)));
          const { end, most } = expectSafe(joined(pcapHeader(model), ...records), [7]);
          expect([end.packets, end.cut]).toEqual([list.length, null]);
          expect(most.bytes).toBeLessThan(2_000_000);
        },
      ),
      { numRuns: 600 },
    );
  });

  test('of endless empty packets costs no memory, and little time', () => {
    const model = { order: 'little', nano: false, linkType: 1 } as const;
    const empty = pcapRecord(model, 0n, new Uint8Array(0));
    const file = joined(pcapHeader(model), ...Array.from({ length: 50_000 }, () => empty));
    const { end, most } = readBytes(file, [4_096]);
    expect(end).toMatchObject({ packets: 50_000, skipped: { 'cut short by the snap length': 50_000 } });
    expect(most).toEqual({ datagrams: 0, connections: 0, bytes: 0, record: 4_096 });
  });
});
