import { describe, expect, test } from '@jest/globals';
import { readCapture } from '../../../src/packets/read/read-capture.ts';
import type { Seen } from '../../../src/packets/seen.ts';
import { overUdp, question } from './people.ts';
import { captureOf, readBytes, startMs } from './read.ts';
import { f16, f32, joined, type Order } from './write/bytes.ts';
import { frame, linkTypes } from './write/link.ts';
import { pcapHeader, pcapRecord } from './write/pcap.ts';
import { block, enhancedBlock, interfaceBlock, obsoleteBlock, sectionBlock, simpleBlock } from './write/pcapng.ts';

const packet = overUdp(question());
const ethernet = frame({ type: linkTypes.ethernet }, packet);
const orders: Order[] = ['little', 'big'];
/** 2026-11-23T00:00:00.123456789Z */
const nanoseconds = BigInt(startMs) * 1_000_000n + 123_456_789n;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('a pcap file', () => {
  test.each(orders.flatMap((order) => [false, true].map((nano) => ({ order, nano }))))('$order, nano: $nano', ({ order, nano }) => {
    const model = { order, nano, linkType: 1 };
    const { seen, end } = readBytes(joined(pcapHeader(model), pcapRecord(model, nanoseconds, ethernet)));
    expect(seen).toMatchObject([
      { kind: 'message', number: 1, name: 'cart.shop', type: 'A', id: 7, source: '10.244.1.7', sourcePort: 40_000 },
    ]);
    // the nearest double: half a microsecond is what it can tell
    expect(seen[0]?.at).toBe(nano ? (startMs * 1000 + 123_456.789) / 1000 : (startMs * 1000 + 123_456) / 1000);
    expect(end).toEqual({ packets: 1, bytes: 24 + 16 + ethernet.length, cut: null, skipped: {}, format: 'pcap', linkTypes: ['Ethernet'] });
  });

  test('tells how long the check sequence of frames is beside the link type', () => {
    const header = pcapHeader({ order: 'big', nano: false, linkType: 0x1400_0001 });
    const record = pcapRecord({ order: 'big', nano: false, linkType: 1 }, nanoseconds, joined(ethernet, [1, 2, 3, 4]));
    expect(readBytes(joined(header, record)).seen).toHaveLength(1);
  });

  test('is cut at a record that is larger than any', () => {
    const whole = captureOf([packet]);
    const record = joined(f32(1, 'little'), f32(0, 'little'), f32(262_145, 'little'), f32(262_145, 'little'), packet);
    const { seen, end } = readBytes(joined(whole, record));
    expect(seen).toHaveLength(1);
    expect(end).toMatchObject({ packets: 1, bytes: whole.length, cut: expect.stringMatching(/^a packet of 262145 bytes/) });
  });

  test('may hold the largest packet there is, in any chunks', () => {
    const large = joined(ethernet, new Uint8Array(262_144 - ethernet.length));
    const model = { order: 'little', nano: false, linkType: 1 } as const;
    const file = joined(pcapHeader(model), pcapRecord(model, nanoseconds, large), pcapRecord(model, nanoseconds, ethernet));
    const { seen, end, most } = readBytes(file, [1_000]);
    expect([seen.length, end.cut]).toEqual([2, null]);
    expect(most.record).toBeLessThan(300_000);
  });
});

describe('a pcapng file', () => {
  const file = (order: Order, ...blocks: Uint8Array[]): Uint8Array =>
    joined(sectionBlock(order), interfaceBlock({ linkType: 1 }, order), ...blocks);
  const micros = BigInt(startMs) * 1000n + 123_456n;

  test.each(orders)('%s: all kinds of packet blocks, and one that is not known', (order) => {
    const its = { interface: 0, units: micros, bytes: ethernet };
    const blocks = [enhancedBlock(its, order), obsoleteBlock(its, order), block(0x8000_0bad, packet, order), simpleBlock(ethernet, order)];
    const { seen, end } = readBytes(file(order, ...blocks));
    const at = (startMs * 1000 + 123_456) / 1000;
    expect(seen.map((each) => [each.number, each.at, each.kind])).toEqual([
      [1, at, 'message'],
      [2, at, 'message'],
      [3, 0, 'message'],
    ]);
    expect(end).toMatchObject({ packets: 3, cut: null, format: 'pcapng', linkTypes: ['Ethernet'] });
  });

  test.each([
    ['microseconds when it does not say', {}, micros, (startMs * 1000 + 123_456) / 1000],
    ['nanoseconds', { resolution: 9 }, nanoseconds, (startMs * 1000 + 123_456.789) / 1000],
    ['milliseconds', { resolution: 3 }, BigInt(startMs) + 5n, startMs + 5],
    ['seconds', { resolution: 0 }, BigInt(startMs / 1000), startMs],
    ['a power of two', { resolution: 0x80 | 10 }, BigInt(startMs / 1000) * 1024n + 512n, startMs + 500],
    ['an offset', { offsetSeconds: BigInt(startMs / 1000) }, 123_456n, (startMs * 1000 + 123_456) / 1000],
    ['an offset back', { offsetSeconds: -10n }, micros, (startMs * 1000 - 10_000_000 + 123_456) / 1000],
    ['a time before the epoch: the epoch', { offsetSeconds: -(2n ** 40n) }, 1n, 0],
    ['a time that no Date holds: the last that one holds', { resolution: 0 }, 2n ** 64n - 1n, 8.64e15],
    ['units so small that there is none', { resolution: 127 }, 2n ** 64n - 1n, 0],
  ])('times: %s', (_what, model, units, at) => {
    const blocks = [interfaceBlock({ linkType: 1, ...model }, 'little'), enhancedBlock({ interface: 0, units, bytes: ethernet }, 'little')];
    const [seen] = readBytes(joined(sectionBlock('little'), ...blocks)).seen;
    expect(seen?.at).toBeCloseTo(at, 3);
    expect(() => new Date(seen?.at ?? Number.NaN).toISOString()).not.toThrow();
  });

  test('has interfaces of different links, and sections of different byte orders that begin anew', () => {
    const first = [interfaceBlock({ linkType: 101 }, 'little'), enhancedBlock({ interface: 1, units: 1n, bytes: packet }, 'little')];
    const second = file('big', enhancedBlock({ interface: 0, units: 2n, bytes: ethernet }, 'big'));
    const { seen, end } = readBytes(joined(file('little', ...first), second));
    expect(seen.map(({ number }) => number)).toEqual([1, 2]);
    expect(end.linkTypes).toEqual(['raw IP', 'Ethernet']);
  });

  test('may hold blocks of more bytes than memory: what tells nothing is skipped as it comes', () => {
    const large = block(0x0a, new Uint8Array(1_000_000), 'little');
    const bytes = file('little', large, enhancedBlock({ interface: 0, units: 1n, bytes: ethernet }, 'little'));
    for (const sizes of [[], [777]]) {
      const { seen, end, most } = readBytes(bytes, sizes);
      expect([seen.length, end.cut, end.bytes]).toEqual([1, null, bytes.length]);
      expect(most.record).toBeLessThan(300_000);
    }
    expect(readBytes(bytes.subarray(0, 500_000)).end.cut).toMatch(/in the middle of a record/);
  });

  test('of simple packets: the snap length says how much is there', () => {
    const interfaces = interfaceBlock({ linkType: 1, snapLength: 60 }, 'little');
    const { seen } = readBytes(
      joined(sectionBlock('little'), interfaces, simpleBlock(ethernet.subarray(0, 60), 'little', ethernet.length)),
    );
    expect(seen).toMatchObject([{ kind: 'message', name: null, bytes: question().length }]);
  });

  const body = (captured: number): Uint8Array =>
    joined(f32(0, 'little'), f32(0, 'little'), f32(0, 'little'), f32(captured, 'little'), f32(captured, 'little'));
  test.each([
    ['a block of no bytes', joined(f32(6, 'little'), f32(0, 'little'), f32(0, 'little')), /^a block of 0 bytes/],
    ['a block of odd length', joined(f32(6, 'little'), f32(33, 'little'), new Uint8Array(40)), /^a block of 33 bytes/],
    ['lengths that differ', joined(f32(99, 'little'), f32(16, 'little'), f32(0, 'little'), f32(12, 'little')), /two lengths differ/],
    ['a packet of no interface', enhancedBlock({ interface: 1, units: 0n, bytes: ethernet }, 'little'), /interface that was not described/],
    ['a packet longer than its block', block(6, body(100), 'little'), /longer than its block/],
    ['a packet larger than any', block(6, body(1_000_000), 'little'), /^a packet of 1000000 bytes/],
    [
      'a packet block that is too large',
      joined(f32(6, 'little'), f32(1_000_000, 'little'), f32(0, 'little')),
      /^a packet of 1000000 bytes/,
    ],
    ['a packet block that is too short', block(6, new Uint8Array(4), 'little'), /too short for its packet/],
    ['an interface that is too short', block(1, new Uint8Array(4), 'little'), /damaged description of an interface/],
    [
      'a section without a byte order',
      joined(f32(0x0a0d0d0a, 'little'), f32(28, 'little'), f32(1, 'little'), new Uint8Array(16)),
      /byte order/,
    ],
  ])('is cut at %s', (_what, damaged, cut) => {
    const before = file('little', enhancedBlock({ interface: 0, units: 1n, bytes: ethernet }, 'little'));
    for (const sizes of [[], [1], [5]]) {
      const { seen, end } = readBytes(joined(before, damaged, before), sizes);
      expect(seen).toHaveLength(1);
      expect(end).toMatchObject({ packets: 1, bytes: before.length, cut: expect.stringMatching(cut) });
    }
  });

  test('is cut where it describes more interfaces than there are', () => {
    const one = interfaceBlock({ linkType: 1 }, 'little');
    const { end } = readBytes(joined(sectionBlock('little'), ...Array.from({ length: 5_000 }, () => one)));
    expect(end.cut).toBe('more than 4096 interfaces');
  });

  test('names 32 link types at most', () => {
    const many = Array.from({ length: 100 }, (_, index) => interfaceBlock({ linkType: 5_000 + index }, 'little'));
    const packets = many.map((_, index) => enhancedBlock({ interface: index, units: 0n, bytes: ethernet }, 'little'));
    const { end } = readBytes(joined(sectionBlock('little'), ...many, ...packets));
    expect(end.linkTypes).toHaveLength(32);
    expect(end.skipped).toEqual({ 'unknown link types': 100 });
  });

  test('ends an option that is cut off', () => {
    const option = joined(f16(9, 'little'), f16(200, 'little'), [9, 0, 0, 0]);
    const interfaces = block(1, joined(f16(1, 'little'), [0, 0], f32(0, 'little'), option), 'little');
    const { seen } = readBytes(
      joined(sectionBlock('little'), interfaces, enhancedBlock({ interface: 0, units: micros, bytes: ethernet }, 'little')),
    );
    expect(seen[0]?.at).toBe((startMs * 1000 + 123_456) / 1000);
  });
});

describe('a file that is cut', () => {
  const whole = captureOf([packet, packet]);
  test.each([
    [0, 'an empty file', 0],
    [3, 'not a capture (pcap or pcapng): starts with d4 c3 b2', 0],
    [10, 'the file ends in the middle of its header, after 10 bytes', 0],
    [24, null, 0],
    [30, 'the file ends in the middle of a record: 10 bytes are missing', 0],
    [whole.length - 1, 'the file ends in the middle of a record: 1 bytes are missing', 1],
  ])('after %i bytes', (length, cut, packets) => {
    for (const sizes of [[], [1], [7, 30]]) {
      expect(readBytes(whole.subarray(0, length), sizes).end).toMatchObject({ cut, packets, bytes: length });
    }
  });
});

describe('what is no capture', () => {
  test.each([
    [
      'a text',
      ascii('apiVersion: v1\nkind: Pod\nmetadata: {}\n'),
      String.raw`not a capture (pcap or pcapng): starts with "apiVersion: v1\nk"`,
    ],
    [
      'bytes',
      new Uint8Array(40).fill(0x80),
      `not a capture (pcap or pcapng): starts with ${Array.from({ length: 16 }, () => '80').join(' ')}`,
    ],
    ['gzip', joined([0x1f, 0x8b, 8], new Uint8Array(30)), 'not a capture: packed by gzip (unpack it first: gunzip)'],
    ['a word', ascii('no'), 'not a capture (pcap or pcapng): starts with "no"'],
  ])('%s', (_what, bytes, cut) => {
    for (const sizes of [[], [1]]) {
      const { seen, end } = readBytes(bytes, sizes);
      expect(seen).toEqual([]);
      expect(end).toMatchObject({ cut, format: 'none', packets: 0, linkTypes: [] });
    }
  });
});

describe('reading', () => {
  test('ends with the file, or with what cannot be read', async () => {
    let asked = 0;
    async function* chunks(first: Uint8Array): AsyncGenerator<Uint8Array> {
      for (const chunk of [first, ascii('x'.repeat(50)), ascii('y')]) {
        asked += 1;
        yield await Promise.resolve(chunk);
      }
    }
    const seen: Seen[] = [];
    const end = await readCapture(chunks(ascii('no capture, which is seen at once')), (each) => seen.push(each));
    expect([asked, end.format]).toEqual([1, 'none']);
    expect(await readCapture([captureOf([packet]), captureOf([packet]).subarray(24)], (each) => seen.push(each))).toMatchObject({
      packets: 2,
      cut: null,
    });
    expect(seen.map(({ kind }) => kind)).toEqual(['message', 'message']);
  });
});
