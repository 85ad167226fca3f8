import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { frame, linkTypes } from '../../test/packets/read/write/link.ts';
import { pcapHeader, pcapRecord } from '../../test/packets/read/write/pcap.ts';
import { enhancedBlock, interfaceBlock, sectionBlock } from '../../test/packets/read/write/pcapng.ts';
import { Stage, stories, type Timed } from './stories.ts';

/**
 * Writes captures like those of a cluster, the same for the same kind and number: node scripts/packets/make.ts KIND PACKETS FILE
 */

type Shares = Partial<Record<keyof typeof stories, number>>;

/** How packets become a file. */
interface Writer {
  header: Uint8Array;
  record(nanoseconds: bigint, timed: Timed): Uint8Array;
}

interface Kind {
  about: string;
  shares: Shares;
  families: 'v4' | 'v6' | 'both';
  writer: Writer;
}

function pcap(order: 'little' | 'big', nano: boolean, linkType: number): Writer {
  const model = { order, nano, linkType };
  return {
    header: pcapHeader(model),
    record: (nanoseconds, { packet, direction }) => pcapRecord(model, nanoseconds, frame({ type: linkType, direction }, packet)),
  };
}

function pcapng(order: 'little' | 'big', linkType: number, tags: readonly number[]): Writer {
  return {
    header: Uint8Array.from([...sectionBlock(order), ...interfaceBlock({ linkType, resolution: 9 }, order)]),
    record: (units, { packet, direction }) =>
      enhancedBlock({ interface: 0, units, bytes: frame({ type: linkType, direction, tags }, packet) }, order),
  };
}

const mixed: Shares = { lookup: 40, searchPath: 12, lost: 4, unreachable: 2, truncated: 1, refused: 1, fragmented: 1, other: 30 };

/** The kinds of captures, by name. */
export const kinds = {
  cluster: {
    about: 'IPv4 on all interfaces (Linux cooked v2), pcap',
    shares: mixed,
    families: 'v4',
    writer: pcap('little', false, linkTypes.cooked2),
  },
  tcp: {
    about: 'TCP on Ethernet, pcap',
    shares: { overTcp: 10, pipelined: 5, refused: 3, truncated: 3, lookup: 3 },
    families: 'both',
    writer: pcap('little', false, linkTypes.ethernet),
  },
  ipv6: {
    about: 'IPv6 with fragments, raw IP, pcap big-endian in nanoseconds',
    shares: { ...mixed, fragmented: 20 },
    families: 'v6',
    writer: pcap('big', true, linkTypes.raw),
  },
  vlan: {
    about: 'IPv4 and IPv6 in two VLAN tags on Ethernet, pcapng in nanoseconds',
    shares: { ...mixed, overTcp: 5 },
    families: 'both',
    writer: pcapng('little', linkTypes.ethernet, [0x88_a8, 0x81_00]),
  },
  cooked: {
    about: 'IPv4 and IPv6, Linux cooked v1, pcapng big-endian, much that is not DNS',
    shares: { ...mixed, other: 300 },
    families: 'both',
    writer: pcapng('big', linkTypes.cooked1, []),
  },
  failing: {
    about: 'most of it unanswered, refused or unreachable, Ethernet, pcap',
    shares: { lost: 50, unreachable: 20, refused: 10, lookup: 20 },
    families: 'v4',
    writer: pcap('big', false, linkTypes.ethernet),
  },
  node: {
    about: 'a busy node: IPv4 and IPv6 on Ethernet, pcap',
    shares: { ...mixed, overTcp: 1 },
    families: 'both',
    writer: pcap('little', false, linkTypes.ethernet),
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

/** When captures begin: 2026-11-23T01:02:03Z. */
const beginsAt = 1_795_395_723_000_000;
const betweenStories = 400;
/** Stories that begin within so many microseconds are put in order at once. */
const window = 1_000_000;

/** Packets in order of time, endless: `at` in microseconds since the capture began. */
function* play({ shares, families }: Kind, seed: number): Generator<Timed> {
  const stages = families === 'both' ? [new Stage(seed, false), new Stage(seed + 1, true)] : [new Stage(seed, families === 'v6')];
  const drawn = Object.entries(shares).flatMap(([name, share]) =>
    Array.from({ length: share }, () => stories[name as keyof typeof stories]),
  );
  let [waiting, now]: [Timed[], number] = [[], 0];
  for (let end = window; ; end += window) {
    for (; now < end; now += betweenStories) {
      const stage = stages[(now / betweenStories) % stages.length] as Stage;
      waiting.push(
        ...stage
          .one(drawn)(stage)
          .map((timed) => ({ ...timed, at: timed.at + now })),
      );
    }
    waiting.sort((a, b) => a.at - b.at);
    const later = waiting.findIndex(({ at }) => at >= end);
    yield* waiting.slice(0, later === -1 ? waiting.length : later);
    waiting = later === -1 ? [] : waiting.slice(later);
  }
}

/** Writes a capture of so many packets; in memory there is a second of it. */
export async function writeCapture(file: string, name: KindName, packets: number): Promise<void> {
  const kind: Kind = kinds[name];
  const stream = createWriteStream(file, { highWaterMark: 1 << 20 });
  stream.write(kind.writer.header);
  let left = packets;
  for (const timed of play(kind, 1)) {
    if (left-- === 0) break;
    const written = stream.write(kind.writer.record(BigInt(beginsAt + timed.at) * 1000n, timed));
    if (!written) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name = '', packets = '', file = ''] = process.argv.slice(2);
  if (!(name in kinds) || !/^\d+$/.test(packets) || file === '') {
    process.stderr.write(`make: KIND PACKETS FILE, where KIND is one of\n`);
    for (const [each, { about }] of Object.entries(kinds)) process.stderr.write(`  ${each}: ${about}\n`);
    process.exitCode = 64;
  } else await writeCapture(file, name as KindName, Number(packets));
}
