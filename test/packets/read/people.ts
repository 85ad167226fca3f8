import { dnsMessage, labels, type MessageModel } from './write/dns.ts';
import { icmp, ipPacket, protocolNumbers, tcp, tcpFlags, udp, type Route, type SegmentModel } from './write/ip.ts';

/** A pod and a server, of IPv4. */
export const pod = Uint8Array.from([10, 244, 1, 7]);
export const server = Uint8Array.from([10, 96, 0, 10]);
export const there: Route = { source: pod, destination: server };
export const back: Route = { source: server, destination: pod };
export const port = 40_000;

export const question = (model: Partial<MessageModel> = {}): Uint8Array =>
  dnsMessage({ id: 7, name: labels('cart.shop'), recursionDesired: true, ...model });
export const reply = (model: Partial<MessageModel> = {}): Uint8Array => question({ isAnswer: true, answers: 1, ...model });

export const overUdp = (message: Uint8Array, route: Route = there): Uint8Array => {
  const payload = route === back ? udp(53, port, message) : udp(port, 53, message);
  return ipPacket({ ...route, protocol: protocolNumbers.udp, payload });
};

/** A segment of the pod's connection, or of the server's answers. */
export function segment(seq: number, payload: Uint8Array, more: Partial<SegmentModel> = {}, route: Route = there): Uint8Array {
  const ports = route === back ? { sourcePort: 53, destinationPort: port } : { sourcePort: port, destinationPort: 53 };
  return ipPacket({ ...route, protocol: protocolNumbers.tcp, payload: tcp({ ...ports, seq, flags: tcpFlags.ack, payload, ...more }) });
}

export const unreachable = (code: number, quoted: Uint8Array, route: Route = back): Uint8Array => {
  const [protocol, type] = route.source.length === 16 ? [protocolNumbers.icmpv6, 1] : [protocolNumbers.icmp, 3];
  return ipPacket({ ...route, protocol, payload: icmp(type, code, quoted) });
};
