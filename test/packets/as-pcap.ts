import { joined } from './read/write/bytes.ts';
import { dnsMessage, labels } from './read/write/dns.ts';
import { icmp, ipPacket, protocolNumbers, tcp, tcpFlags, udp } from './read/write/ip.ts';
import { frame, linkTypes } from './read/write/link.ts';
import { pcapHeader, pcapRecord } from './read/write/pcap.ts';
import type { Packet } from './traffic.ts';

const ip = (address: string): Uint8Array => Uint8Array.from(address.split('.').map(Number));
const types: Readonly<Record<string, number>> = { A: 1, AAAA: 28 };
const flags = {
  syn: tcpFlags.syn,
  'syn-ack': tcpFlags.syn | tcpFlags.ack,
  reset: tcpFlags.reset | tcpFlags.ack,
  fin: tcpFlags.fin | tcpFlags.ack,
};
const icmpCodes = { network: 0, host: 1, port: 3, 'administratively-prohibited': 13, other: 5 };

/** The IP packet that says the same (IPv4; messages over UDP only). */
function bytesOf(packet: Packet): Uint8Array {
  const route = { source: ip(packet.source), destination: ip(packet.destination) };
  const { sourcePort, destinationPort } = packet;
  if (packet.kind === 'message') {
    const { id, name, type, isAnswer, rcode, truncated } = packet;
    const message = dnsMessage({
      id,
      name: labels(name ?? '.'),
      type: types[type ?? 'A'] ?? 1,
      isAnswer,
      rcode,
      truncated,
      recursionDesired: true,
    });
    return ipPacket({ ...route, protocol: protocolNumbers.udp, payload: udp(sourcePort, destinationPort, message) });
  }
  if (packet.kind === 'segment')
    return ipPacket({
      ...route,
      protocol: protocolNumbers.tcp,
      payload: tcp({ sourcePort, destinationPort, seq: 1, flags: flags[packet.flag] }),
    });
  if (packet.kind === 'unreachable') {
    const { about, what } = packet;
    const message = dnsMessage({ id: about.id ?? 0, name: labels('x'), recursionDesired: true });
    const quoted = ipPacket({
      ...{ source: ip(about.source), destination: ip(about.destination), protocol: protocolNumbers.udp },
      payload: udp(about.sourcePort, about.destinationPort, message),
    });
    return ipPacket({ ...route, protocol: protocolNumbers.icmp, payload: icmp(3, icmpCodes[what], quoted) });
  }
  throw new Error(`no bytes for ${packet.kind}`);
}

/** A file of tcpdump with these packets, to the microsecond. */
export function asPcap(packets: readonly Packet[]): Uint8Array {
  const model = { order: 'little', nano: false, linkType: linkTypes.ethernet } as const;
  const records = packets.map((packet) =>
    pcapRecord(model, BigInt(Math.round(packet.at * 1000)) * 1000n, frame({ type: model.linkType }, bytesOf(packet))),
  );
  return joined(pcapHeader(model), ...records);
}
