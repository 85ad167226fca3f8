import type { Packets } from './packets.ts';

/** A format of captures: reads its records one after another, and hands their packets on. */
export interface Records {
  readonly format: 'pcap' | 'pcapng';
  /** Why nothing behind the record that was read last can be read; null: it can. */
  readonly cut: string | null;
  /**
   * Reads the record between two offsets. Gives its length in bytes, which may be more than there are when nothing more of it is needed. Where more
   * are needed: how many it needs, as a negative number, and none more than `mostHeld`. Where `cut` is set: 0.
   */
  read(bytes: Uint8Array, from: number, to: number): number;
}

/** Makes a format's reader. */
export type OpenRecords = (packets: Packets) => Records;

/** The largest packet, as libpcap and Wireshark have it (MAXIMUM_SNAPLEN). A record that says it is larger is damaged. */
export const mostCaptured = 262_144;

/** The most that has to be in memory at once: a packet with what its record says besides. */
export const mostHeld = mostCaptured + 4096;

/** For people. */
export const tooLong = (length: number): string => `a packet of ${length} bytes: no capture has one of more than ${mostCaptured}`;
