import { f16, f32, joined, type Order } from './bytes.ts';

export interface PcapModel {
  order: Order;
  nano: boolean;
  linkType: number;
  snapLength?: number;
}

export const pcapHeader = ({ order, nano, linkType, snapLength = 262_144 }: PcapModel): Uint8Array =>
  joined(
    f32(nano ? 0xa1_b2_3c_4d : 0xa1_b2_c3_d4, order),
    f16(2, order),
    f16(4, order),
    f32(0, order),
    f32(0, order),
    f32(snapLength, order),
    f32(linkType, order),
  );

/** A packet at so many nanoseconds since the epoch, of which as much is kept as the file keeps. */
export function pcapRecord({ order, nano, snapLength = 262_144 }: PcapModel, nanoseconds: bigint, bytes: Uint8Array): Uint8Array {
  const fraction = nanoseconds % 1_000_000_000n;
  const kept = bytes.subarray(0, snapLength);
  const times = [...f32(Number(nanoseconds / 1_000_000_000n), order), ...f32(Number(nano ? fraction : fraction / 1000n), order)];
  return joined(times, f32(kept.length, order), f32(bytes.length, order), kept);
}
