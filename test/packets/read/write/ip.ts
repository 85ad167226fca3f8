import { joined, n16, n32 } from './bytes.ts';

/** Both addresses have four bytes, or sixteen. */
export interface Route {
  source: Uint8Array;
  destination: Uint8Array;
}

export interface IpModel extends Route {
  protocol: number;
  payload: Uint8Array;
  /** Of a fragment. `offset` in bytes. */
  fragment?: { id: number; offset: number; more: boolean };
  /** A multiple of four bytes (IPv4 only). */
  options?: Uint8Array;
  /** Extension headers before what is carried (IPv6 only): type, and 8 bytes or a multiple, of which the first two are set here. */
  extensions?: readonly { type: number; bytes: Uint8Array }[];
}

/** An IP packet of the version that its addresses have. Checksums are 0. */
export const ipPacket = (model: IpModel): Uint8Array => (model.source.length === 4 ? ipv4(model) : ipv6(model));

function ipv4({ source, destination, protocol, payload, fragment, options = new Uint8Array(0) }: IpModel): Uint8Array {
  const header = 20 + options.length;
  const { id = 0, offset = 0, more = false } = fragment ?? {};
  const flags = (more ? 0x2000 : 0) | (offset / 8);
  const start = [0x40 | (header / 4), 0, ...n16(header + payload.length), ...n16(id), ...n16(flags), 64, protocol, 0, 0];
  return joined(start, source, destination, options, payload);
}

function ipv6({ source, destination, protocol, payload, fragment, extensions = [] }: IpModel): Uint8Array {
  const chain = [...extensions.map(({ type }) => type), ...(fragment === undefined ? [] : [44]), protocol];
  const headers = extensions.map(({ bytes }, index) => joined([chain[index + 1] ?? 0, bytes.length / 8 - 1], bytes.subarray(2)));
  if (fragment !== undefined) headers.push(joined([protocol, 0], n16(fragment.offset | (fragment.more ? 1 : 0)), n32(fragment.id)));
  const body = joined(...headers, payload);
  return joined([0x60, 0, 0, 0], n16(body.length), [chain[0] ?? 59, 64], source, destination, body);
}

/** The same packet in fragments of so many bytes, a multiple of eight, in order. */
export function fragments(model: IpModel, id: number, size: number): Uint8Array[] {
  const { payload } = model;
  return Array.from({ length: Math.ceil(payload.length / size) }, (_, index) => {
    const offset = index * size;
    const end = Math.min(offset + size, payload.length);
    return ipPacket({ ...model, payload: payload.subarray(offset, end), fragment: { id, offset, more: end < payload.length } });
  });
}

export const udp = (sourcePort: number, destinationPort: number, payload: Uint8Array): Uint8Array =>
  joined(n16(sourcePort), n16(destinationPort), n16(8 + payload.length), [0, 0], payload);

export const tcpFlags = { fin: 1, syn: 2, reset: 4, push: 8, ack: 16 } as const;

export interface SegmentModel {
  sourcePort: number;
  destinationPort: number;
  seq: number;
  ack?: number;
  flags: number;
  payload?: Uint8Array;
  /** A multiple of four bytes. */
  options?: Uint8Array;
}

export function tcp({ sourcePort, destinationPort, seq, ack = 0, flags, payload, options }: SegmentModel): Uint8Array {
  const header = (20 + (options?.length ?? 0)) / 4;
  const start = [...n16(sourcePort), ...n16(destinationPort), ...n32(seq), ...n32(ack), header << 4, flags, ...n16(64_240), 0, 0, 0, 0];
  return joined(start, options ?? [], payload ?? []);
}

/** ICMP or ICMPv6, with as much of a packet as is quoted. */
export const icmp = (type: number, code: number, quoted: Uint8Array): Uint8Array => joined([type, code, 0, 0, 0, 0, 0, 0], quoted);

export const protocolNumbers = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
