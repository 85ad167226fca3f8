import { CaptureReader, type ReadOptions } from '../../../src/packets/read/capture-reader.ts';
import type { FileEnd, Seen } from '../../../src/packets/seen.ts';
import { joined } from './write/bytes.ts';
import { frame, linkTypes, type LinkModel } from './write/link.ts';
import { pcapHeader, pcapRecord } from './write/pcap.ts';

/** What was read of a file, and what the reader held at its worst. */
export interface Read {
  seen: Seen[];
  end: FileEnd;
  most: { datagrams: number; connections: number; bytes: number; record: number };
}

/** Reads a file in chunks of these sizes, over and over; all at once when there are none. */
export function readBytes(bytes: Uint8Array, sizes: readonly number[] = [], options: ReadOptions = {}): Read {
  const seen: Seen[] = [];
  const most = { datagrams: 0, connections: 0, bytes: 0, record: 0 };
  const reader = new CaptureReader((each) => seen.push(each), options);
  for (let [from, turn] = [0, 0]; from < bytes.length; turn++) {
    const size = sizes.length === 0 ? bytes.length : Math.max(sizes[turn % sizes.length] ?? 1, 1);
    // of its own memory, which is overwritten afterwards: nothing may be read of it later
    const chunk = bytes.slice(from, from + size);
    reader.push(chunk);
    chunk.fill(0xff);
    from += size;
    for (const [what, held] of Object.entries(reader.held))
      most[what as keyof typeof most] = Math.max(most[what as keyof typeof most], held);
  }
  return { seen, end: reader.end(), most };
}

/** When the packets of these captures were seen: one each millisecond. */
export const startMs = Date.UTC(2026, 10, 23);

/** A capture of these IP packets, little-endian in microseconds. */
export function captureOf(packets: readonly Uint8Array[], link: Partial<LinkModel> = {}, snapLength = 262_144): Uint8Array {
  const model = { order: 'little', nano: false, linkType: link.type ?? linkTypes.ethernet, snapLength } as const;
  const records = packets.map((packet, index) =>
    pcapRecord(model, BigInt(startMs + index) * 1_000_000n, frame({ type: model.linkType, ...link }, packet)),
  );
  return joined(pcapHeader(model), ...records);
}

/** What is seen of a capture of these IP packets. */
export const readPackets = (packets: readonly Uint8Array[], link: Partial<LinkModel> = {}): Read => readBytes(captureOf(packets, link));
