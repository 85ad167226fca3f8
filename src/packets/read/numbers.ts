/** Numbers in bytes, in network order. A byte that is not there counts as 0: callers check lengths first. */
export const u8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

export const u16 = (bytes: Uint8Array, at: number): number => (u8(bytes, at) << 8) | u8(bytes, at + 1);

export const u32 = (bytes: Uint8Array, at: number): number => ((u16(bytes, at) << 16) | u16(bytes, at + 2)) >>> 0;

/** How a file writes its own numbers: pcap and pcapng do as the machine that captured. */
export interface ByteOrder {
  u16(bytes: Uint8Array, at: number): number;
  u32(bytes: Uint8Array, at: number): number;
}

export const bigEndian: ByteOrder = { u16, u32 };

const u16Little = (bytes: Uint8Array, at: number): number => u8(bytes, at) | (u8(bytes, at + 1) << 8);

export const littleEndian: ByteOrder = {
  u16: u16Little,
  u32: (bytes, at) => (u16Little(bytes, at) | (u16Little(bytes, at + 2) << 16)) >>> 0,
};
