import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseIp, formatIp } from '../../../src/rules/ip-address.ts';
import { readBytes } from './read.ts';
import { joined, type Order } from './write/bytes.ts';
import { dnsMessage, labels } from './write/dns.ts';
import { fragments, icmp, ipPacket, protocolNumbers, tcp, tcpFlags, udp, type Route } from './write/ip.ts';
import { frame, linkTypes } from './write/link.ts';
import { pcapHeader, pcapRecord } from './write/pcap.ts';
import { enhancedBlock, interfaceBlock, obsoleteBlock, sectionBlock } from './write/pcapng.ts';

/** What happens, the packets of it, and what is to be seen of it: all but number, time and interface. `from`: which of the packets tells it. */
interface Scene {
  packets: Uint8Array[];
  sees: { from: number; seen: Record<string, unknown> }[];
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const v4 = bytes(4);
/** Global unicast: none of them is a mapped one. */
const v6 = bytes(15).map((rest) => joined([0x20], rest));
const route: fc.Arbitrary<Route> = fc.oneof(fc.record({ source: v4, destination: v4 }), fc.record({ source: v6, destination: v6 }));
const port = fc.integer({ min: 1_024, max: 65_535 });
const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
const name = fc.array(word, { minLength: 1, maxLength: 5 }).map((list) => list.join('.'));

const textOf = (address: Uint8Array): string => {
  if (address.length === 4) return address.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (((address[2 * index] ?? 0) << 8) | (address[2 * index + 1] ?? 0)).toString(16));
  const parsed = parseIp(groups.join(':'));
  return parsed === null ? '' : formatIp(parsed);
};
const ends = ({ source, destination }: Route, sourcePort: number, destinationPort: number) => ({
  source: textOf(source),
  sourcePort,
  destination: textOf(destination),
  destinationPort,
});

const overUdp: fc.Arbitrary<Scene> = fc
  .record({
    route,
    port,
    id: fc.nat(65_535),
    name,
    isAnswer: fc.boolean(),
    rcode: fc.nat(5),
    answers: fc.nat(60),
    cut: fc.constantFrom(0, 0, 64, 256),
  })
  .map(({ route: its, port: client, cut, name: asked, isAnswer, rcode, answers, id }) => {
    const told = isAnswer ? { id, isAnswer, rcode, answers } : { id, isAnswer, rcode: 0, answers: 0 };
    const message = dnsMessage({ ...told, name: labels(asked), type: 28 });
    const [from, to] = isAnswer ? ([53, client] as const) : ([client, 53] as const);
    const model = { ...its, protocol: protocolNumbers.udp, payload: udp(from, to, message) };
    const packets = cut === 0 || model.payload.length <= cut ? [ipPacket(model)] : fragments(model, id, cut);
    const seen = { kind: 'message', transport: 'udp', name: asked, type: 'AAAA', bytes: message.length, ...told, ...ends(its, from, to) };
    return { packets, sees: [{ from: packets.length - 1, seen }] };
  });

const unreachable: fc.Arbitrary<Scene> = fc.record({ route, port, id: fc.nat(65_535), name, by: route }).map((its) => {
  const quoted = ipPacket({ ...its.route, protocol: 17, payload: udp(its.port, 53, dnsMessage({ id: its.id, name: labels(its.name) })) });
  const isV6 = its.by.source.length === 16;
  const same = quoted[0] === undefined || quoted[0] >> 4 === (isV6 ? 6 : 4);
  const inner = same ? quoted : new Uint8Array(0);
  const packet = ipPacket({ ...its.by, protocol: isV6 ? 58 : 1, payload: isV6 ? icmp(1, 4, inner) : icmp(3, 3, inner) });
  const about = { ...ends(its.route, its.port, 53), transport: 'udp', id: its.id };
  return { packets: [packet], sees: same ? [{ from: 0, seen: { kind: 'unreachable', what: 'port', about, ...ends(its.by, 0, 0) } }] : [] };
});

const overTcp: fc.Arbitrary<Scene> = fc
  .record({
    route,
    port,
    seq: fc.nat(2 ** 32 - 1),
    names: fc.array(name, { minLength: 1, maxLength: 3 }),
    size: fc.integer({ min: 8, max: 90 }),
  })
  .map(({ route: its, port: client, seq, names, size }) => {
    const messages = names.map((asked, id) => dnsMessage({ id, name: labels(asked) }));
    const stream = joined(...messages.flatMap((message) => [[message.length >> 8, message.length & 0xff], message]));
    const segment = (offset: number, flags: number, payload: Uint8Array): Uint8Array => {
      const model = { sourcePort: client, destinationPort: 53, seq: (seq + offset) % 2 ** 32, flags, payload };
      return ipPacket({ ...its, protocol: protocolNumbers.tcp, payload: tcp(model) });
    };
    const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) => stream.subarray(index * size, (index + 1) * size));
    const packets = [
      segment(0, tcpFlags.syn, new Uint8Array(0)),
      ...pieces.map((piece, index) => segment(1 + index * size, tcpFlags.ack, piece)),
    ];
    const last = (index: number): number => messages.slice(0, index + 1).reduce((sum, message) => sum + message.length + 2, 0);
    const told = names.map((asked, id) => ({
      from: Math.ceil(last(id) / size),
      seen: { kind: 'message', transport: 'tcp', id, name: asked, type: 'A', ...ends(its, client, 53) },
    }));
    return { packets, sees: [{ from: 0, seen: { kind: 'segment', flag: 'syn', ...ends(its, client, 53) } }, ...told] };
  });

const other: fc.Arbitrary<Scene> = fc.record({ route, payload: bytes(60), protocol: fc.constantFrom(47, 132) }).map((its) => ({
  packets: [ipPacket({ ...its.route, protocol: its.protocol, payload: its.payload })],
  sees: [],
}));

const scenes = fc.array(fc.oneof(overUdp, overUdp, unreachable, overTcp, other), { maxLength: 12 });

const order = fc.constantFrom<Order>('little', 'big');
const link = fc.record({
  type: fc.constantFrom(linkTypes.ethernet, linkTypes.cooked1, linkTypes.cooked2, linkTypes.raw, linkTypes.null, linkTypes.loop),
  tags: fc.constantFrom([], [0x81_00], [0x88_a8, 0x81_00]),
  direction: fc.constantFrom('in' as const, 'out' as const),
  interface: fc.nat(2 ** 32 - 1),
});
type Link = typeof link extends fc.Arbitrary<infer L> ? L : never;

/** Frames with the microseconds since the epoch at which they were seen, as a file. */
type Write = (frames: { micros: bigint; bytes: Uint8Array }[], linkType: number) => Uint8Array;

const pcap = fc.record({ order, nano: fc.boolean() }).map(
  (its): Write =>
    (frames, linkType) =>
      joined(
        pcapHeader({ ...its, linkType }),
        ...frames.map(({ micros, bytes: frameBytes }) => pcapRecord({ ...its, linkType }, micros * 1_000n, frameBytes)),
      ),
);
const pcapng = fc.record({ order, nano: fc.boolean(), obsolete: fc.boolean() }).map((its): Write => (frames, linkType) => {
  const packetBlock = its.obsolete ? obsoleteBlock : enhancedBlock;
  const blocks = frames.map(({ micros, bytes: frameBytes }) =>
    packetBlock({ interface: 0, units: its.nano ? micros * 1_000n : micros, bytes: frameBytes }, its.order),
  );
  return joined(sectionBlock(its.order), interfaceBlock({ linkType, ...(its.nano ? { resolution: 9 } : {}) }, its.order), ...blocks);
});

const start = 1_795_395_723_000_000n;
const stepMicros = 1_234n;

/** What is to be seen of all scenes, one after another. */
function expected(all: readonly Scene[], { type, direction, interface: index }: Link): object[] {
  const isCooked = type === linkTypes.cooked1 || type === linkTypes.cooked2;
  let before = 0;
  return all.flatMap(({ packets, sees }) => {
    const first = before;
    before += packets.length;
    return sees.map(({ from, seen }) => ({
      ...seen,
      number: first + from + 1,
      at: Number(start + BigInt(first + from) * stepMicros) / 1_000,
      direction: isCooked ? direction : null,
      interface: type === linkTypes.cooked2 ? index : null,
    }));
  });
}

test('what is written in any format, over any link and in any chunks, is what is read', () => {
  fc.assert(
    fc.property(
      scenes,
      link,
      fc.oneof(pcap, pcapng),
      fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 5 }),
      (all, its, write, sizes) => {
        const packets = all.flatMap((scene) => scene.packets);
        const frames = packets.map((packet, index) => ({ micros: start + BigInt(index) * stepMicros, bytes: frame(its, packet) }));
        const { seen, end } = readBytes(write(frames, its.type), sizes);
        expect(seen).toMatchObject(expected(all, its));
        expect(end).toMatchObject({ packets: packets.length, cut: null });
      },
    ),
    { numRuns: 300 },
  );
});
