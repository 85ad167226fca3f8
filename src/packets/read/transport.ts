import type { Seen } from '../seen.ts';
import { headerLength, readMessage } from './dns-message.ts';
import type { FirstFragment } from './fragments.ts';
import { readUnreachable } from './icmp.ts';
import { protocols } from './ip.ts';
import { u16 } from './numbers.ts';
import type { Packet } from './packet.ts';
import type { Skipped } from './skipped.ts';
import { Tcp, tcpHeaderLength } from './tcp.ts';

const udpHeaderLength = 8;
/** DNS over TLS (RFC 7858), and over QUIC (RFC 9250). */
const encryptedPort = 853;

/** Reads what IP carries: UDP, TCP and ICMP. */
export class Transport {
  readonly #onSeen: (seen: Seen) => void;
  readonly #skipped: Skipped;
  /** For each port whether DNS is spoken there. */
  readonly #ports = new Uint8Array(65_536);
  readonly tcp: Tcp;

  constructor(ports: readonly number[], onSeen: (seen: Seen) => void, skipped: Skipped) {
    this.#onSeen = onSeen;
    this.#skipped = skipped;
    for (const port of ports) this.#ports[port] = 1;
    this.tcp = new Tcp(onSeen, skipped);
  }

  readonly #isDns = (port: number): boolean => this.#ports[port] === 1;

  /** Takes a packet that holds a whole datagram of IP. */
  read(packet: Packet): void {
    if (packet.protocol === protocols.udp) this.#udp(packet);
    else if (packet.protocol === protocols.tcp) this.#tcp(packet);
    else if (packet.protocol === (packet.version === 4 ? protocols.icmp : protocols.icmpv6)) this.#icmp(packet);
    else this.#skipped.add('other IP protocols');
  }

  /** Tells of a datagram of DNS of which the rest is not in the file: with a filter for a port, tcpdump takes only the first fragment. */
  lost({ place, protocol, bytes }: FirstFragment): void {
    const isPort = protocol === protocols.udp || protocol === protocols.tcp;
    if (!isPort || bytes.length < udpHeaderLength) return;
    const [sourcePort, destinationPort] = [u16(bytes, 0), u16(bytes, 2)];
    if (!this.#isDns(sourcePort) && !this.#isDns(destinationPort)) return;
    const why = 'the first fragment of a longer packet, which is not all in the file';
    this.#onSeen({ kind: 'unreadable', ...place, sourcePort, destinationPort, why });
  }

  #udp(packet: Packet): void {
    const { payload, from, to } = packet;
    if (to - from < udpHeaderLength) return this.#short(packet);
    const ports = this.#readPorts(packet);
    if (ports === 'other') return this.#skipped.add('other UDP');
    if (ports === 'encrypted') return this.#onSeen({ kind: 'encrypted', ...packet.place(), transport: 'udp' });
    const length = u16(payload, from + 4);
    const begin = from + udpHeaderLength;
    // 0: of a jumbogram, or one that the network card was to split
    const size = length === 0 ? to - begin + packet.missing : length - udpHeaderLength;
    const end = Math.min(begin + size, to);
    if (end - begin >= headerLength) this.#onSeen(readMessage({ bytes: payload, from: begin, to: end, size, transport: 'udp' }, packet));
    else this.#onSeen({ kind: 'unreadable', ...packet.place(), why: tooShort(end - begin, packet.missing) });
  }

  #tcp(packet: Packet): void {
    if (packet.to - packet.from < tcpHeaderLength) return this.#short(packet);
    const ports = this.#readPorts(packet);
    if (ports === 'dns') this.tcp.read(packet);
    else if (ports === 'encrypted') this.#onSeen({ kind: 'encrypted', ...packet.place(), transport: 'tcp' });
    else this.#skipped.add('other TCP');
  }

  #icmp(packet: Packet): void {
    const seen = readUnreachable(packet, this.#isDns);
    if (seen === null) this.#skipped.add('other ICMP');
    else this.#onSeen(seen);
  }

  #readPorts(packet: Packet): 'dns' | 'encrypted' | 'other' {
    packet.sourcePort = u16(packet.payload, packet.from);
    packet.destinationPort = u16(packet.payload, packet.from + 2);
    if (this.#isDns(packet.sourcePort) || this.#isDns(packet.destinationPort)) return 'dns';
    return packet.sourcePort === encryptedPort || packet.destinationPort === encryptedPort ? 'encrypted' : 'other';
  }

  #short(packet: Packet): void {
    this.#skipped.add(packet.missing > 0 ? 'cut short by the snap length' : 'damaged headers');
  }
}

const tooShort = (bytes: number, missing: number): string =>
  missing > 0 ? 'cut short by the snap length before the end of the DNS header' : `${Math.max(bytes, 0)} bytes: too short for a DNS header`;
