import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { back, port, reply } from './people.ts';
import { captureOf, readBytes, readPackets, startMs } from './read.ts';
import { joined } from './write/bytes.ts';
import { fragments, ipPacket, udp, type IpModel } from './write/ip.ts';
import { frame, linkTypes } from './write/link.ts';
import { pcapHeader, pcapRecord } from './write/pcap.ts';

const message = reply({ answers: 40 });
const v4: IpModel = { ...back, protocol: 17, payload: udp(53, port, message) };
const v6: IpModel = { ...v4, source: new Uint8Array(16).fill(1), destination: new Uint8Array(16).fill(2) };
const never = { 'fragments that never became whole': expect.any(Number) };
/** The last of this model's datagram with an id of its own, so that nothing else is one with it. */
const pieces = (model: IpModel, id = 5, size = 160): Uint8Array[] => fragments(model, id, size);

const read = (packets: Uint8Array[]) => readPackets(packets, { type: linkTypes.raw });

describe('fragments', () => {
  test('of both versions, in any order and repeated, are put together', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(v4, v6),
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.nat(1_000_000)),
        fc.nat(3),
        (model, eights, draw, copies) => {
          const parts = pieces(model, 5, eights * 8);
          const shuffled = parts.map((part) => ({ part, rank: draw.next().value })).toSorted((a, b) => a.rank - b.rank);
          const sent = [...shuffled.slice(0, copies), ...shuffled].map(({ part }) => part);
          const whole = sent.length === 1 || parts.length === 1 ? sent.length : 1;
          const { seen, end } = read(sent);
          expect(seen).toHaveLength(whole);
          expect(seen.at(-1)).toMatchObject({
            kind: 'message',
            bytes: message.length,
            name: 'cart.shop',
            answers: 40,
            sourcePort: 53,
            number: sent.length,
          });
          expect(end.packets).toBe(sent.length);
        },
      ),
    );
  });

  test('of several datagrams at once are told apart by addresses, protocol and id', () => {
    const others = [pieces(v4, 1), pieces(v4, 2), pieces(v6, 1), pieces(v6, 2), pieces({ ...v4, source: back.destination }, 1)];
    const [first, ...rest] = Array.from({ length: pieces(v4).length }, (_, index) =>
      others.flatMap((parts) => parts.slice(index, index + 1)),
    );
    expect(read([...(first ?? []), ...rest.flat()]).seen).toHaveLength(others.length);
  });

  test('of IPv6 may hold extension headers', () => {
    const payload = joined([17, 0, 0, 0, 0, 0, 0, 0], v6.payload);
    expect(read(pieces({ ...v6, protocol: 60, payload })).seen).toMatchObject([{ name: 'cart.shop' }]);
  });

  test('that hold a fragment again are damaged', () => {
    const payload = joined([17, 0, 0, 1, 0, 0, 0, 9], v6.payload);
    expect(read(pieces({ ...v6, protocol: 44, payload })).end.skipped).toEqual({ 'damaged headers': 1 });
  });

  test('that never become whole are counted, and the beginning of DNS is told', () => {
    const { seen, end } = read(pieces(v4).slice(0, -1));
    expect(end.skipped).toEqual({ 'fragments that never became whole': pieces(v4).length - 1 });
    expect(seen).toMatchObject([
      { kind: 'unreadable', number: 1, why: expect.stringMatching(/^the first fragment/), sourcePort: 53, destinationPort: port },
    ]);
    expect(read(pieces(v4).slice(1)).seen).toEqual([]);
    expect(read(pieces({ ...v4, payload: udp(443, port, message) }).slice(0, 1)).seen).toEqual([]);
    expect(read(pieces({ ...v4, protocol: 47 }).slice(0, 1)).seen).toEqual([]);
  });

  const piece = (offset: number, length: number, more: boolean, fill = 0): Uint8Array =>
    ipPacket({ ...v4, payload: new Uint8Array(length).fill(fill), fragment: { id: 5, offset, more } });
  test.each([
    ['overlap', [piece(0, 16, true), piece(8, 16, true)]],
    ['lie in another', [piece(0, 32, true), piece(8, 8, true)]],
    ['are the same place with other bytes', [piece(0, 16, true), piece(0, 16, true, 1)]],
    ['end before others begin', [piece(64, 8, true), piece(8, 16, false)]],
    ['reach behind the end', [piece(16, 16, false), piece(64, 16, true)]],
    ['end in two places', [piece(32, 8, false), piece(64, 8, false)]],
    ['are longer than a datagram may be', [piece(0, 8, true), piece(65_528, 16, false)]],
    ['go on behind the longest', [piece(0, 8, true), piece(65_528, 16, true)]],
  ])('that %s are refused', (_what, packets) => {
    const { seen, end } = read(packets);
    expect(seen.filter(({ kind }) => kind === 'message')).toEqual([]);
    expect(end.skipped).toEqual({ 'fragments that never became whole': packets.length });
  });

  test('cut short by the snap length are refused', () => {
    expect(readBytes(captureOf(pieces(v4), { type: linkTypes.raw }, 100)).end.skipped).toEqual(never);
  });

  test('later than half a minute belong to another datagram of the same id', () => {
    const model = { order: 'little', nano: false, linkType: linkTypes.raw } as const;
    const at = (seconds: number, bytes: Uint8Array): Uint8Array =>
      pcapRecord(model, BigInt(startMs + seconds * 1_000) * 1_000_000n, frame({ type: linkTypes.raw }, bytes));
    const [first, ...rest] = pieces(v4);
    const file = (seconds: number): Uint8Array =>
      joined(pcapHeader(model), at(0, first as Uint8Array), ...rest.map((part) => at(seconds, part)), at(seconds, first as Uint8Array));
    expect(readBytes(file(30)).seen).toMatchObject([{ kind: 'message', number: rest.length + 1 }, { kind: 'unreadable' }]);
    expect(readBytes(file(31)).seen).toMatchObject([
      { kind: 'unreadable', number: 1 },
      { kind: 'message', number: rest.length + 2 },
    ]);
  });

  test('wait in bounded memory: the oldest give way', () => {
    const large: IpModel = { ...v4, payload: udp(53, port, new Uint8Array(60_000)) };
    const open = Array.from({ length: 400 }, (_, id) => pieces(large, id, 8_192).slice(0, -1)).flat();
    const { most, end } = read(open);
    expect(most.datagrams).toBeLessThanOrEqual(256);
    expect(most.bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(end.skipped).toEqual({ 'fragments that never became whole': open.length });
    const small = Array.from({ length: 1_000 }, (_, id) => pieces(v4, id)[0] as Uint8Array);
    expect(read(small).most.datagrams).toBe(256);
  });

  test('of more parts than a datagram has are refused', () => {
    const many = pieces(v4, 5, 8).slice(0, -1);
    const parts = Array.from({ length: 200 }, (_, index) => piece(index * 16, 8, true));
    expect(many.length).toBeLessThan(parts.length);
    expect(read(parts).end.skipped).toEqual({ 'fragments that never became whole': 200 });
  });
});
