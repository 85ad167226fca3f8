/**
 * One packet of a capture as far as DNS goes. Names are lower case, without the final dot (the root is `.`), and printable: whatever is not a
 * letter, digit or one of `-_.*` is written `\DDD` as in zone files.
 */
export interface InPacket {
  /** Of the packet in its file, from 1; of a message over TCP: of the packet that completed it. */
  number: number;
  /**
   * Milliseconds since the epoch, with fractions: the number next to what the file says, which tells microseconds apart. It is never more than a
   * `Date` can hold. 0: the file keeps no time of the packet (simple packet blocks of pcapng).
   */
  at: number;
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  /** Whether the machine that captured sent or received it; only Linux cooked captures (`-i any`) say so. */
  direction: 'in' | 'out' | null;
  /** The interface's number of a capture over all of them (Linux cooked v2); null elsewhere. The same packet may be seen on several. */
  interface: number | null;
}

/** A DNS message, over UDP or put together from the segments of TCP. */
export interface SeenMessage extends InPacket {
  kind: 'message';
  transport: 'udp' | 'tcp';
  id: number;
  isAnswer: boolean;
  opcode: number;
  /** 0 to 15, of the header alone. */
  rcode: number;
  truncated: boolean;
  authoritative: boolean;
  recursionDesired: boolean;
  recursionAvailable: boolean;
  /** The first question; null where there is none, or none that can be read. */
  name: string | null;
  /** A, AAAA, …, TYPE65 where it has no name. */
  type: string | null;
  /** Of the header. */
  answers: number;
  /** The size of the message in bytes. */
  bytes: number;
}

/** An ICMP or ICMPv6 "destination unreachable" about a packet to or from a DNS port. `source`: who says so; ports: 0. */
export interface SeenUnreachable extends InPacket {
  kind: 'unreachable';
  /** In the words of the RFC: port, host, network, administratively-prohibited, other. */
  what: 'port' | 'host' | 'network' | 'administratively-prohibited' | 'other';
  /** The packet it is about, as sent. `id`: of the DNS message, where enough of it is quoted. */
  about: { source: string; sourcePort: number; destination: string; destinationPort: number; transport: 'udp' | 'tcp'; id: number | null };
}

/** A segment that opens, refuses or ends a TCP connection with a DNS port. */
export interface SeenSegment extends InPacket {
  kind: 'segment';
  flag: 'syn' | 'syn-ack' | 'reset' | 'fin';
}

/** A packet of DNS over TLS or QUIC (port 853): what it asks cannot be seen. */
export interface SeenEncrypted extends InPacket {
  kind: 'encrypted';
  transport: 'udp' | 'tcp';
}

/** A packet to or from port 53 that is not DNS, or is damaged. `why` is for people, at most 80 characters. */
export interface SeenUnreadable extends InPacket {
  kind: 'unreadable';
  why: string;
}

export type Seen = SeenMessage | SeenUnreachable | SeenSegment | SeenEncrypted | SeenUnreadable;

/** What the reader says of the file when it is through, beside the packets. */
export interface FileEnd {
  /** All of the file's, of whatever kind. */
  packets: number;
  /** Up to where it was cut. */
  bytes: number;
  /** Why the file ended before its end: cut in the middle of a record, or a record that cannot be. Null: whole. A sentence without a final stop. */
  cut: string | null;
  /** Packets that were looked at and told nothing: other protocols, fragments that never became whole, unknown link types. */
  skipped: Record<string, number>;
  /** `none`: it is no capture; `cut` says what it starts with. */
  format: 'pcap' | 'pcapng' | 'none';
  /** The link types that were met, in words: 32 at most. */
  linkTypes: string[];
}
