import { unitsPerSecond, usualResolution, type Resolution } from './clock.ts';
import { u8, type ByteOrder } from './numbers.ts';

const options = { end: 0, resolution: 9, offset: 14 } as const;

/** What the options of an interface say of its times: of those between two offsets. An option that is cut off ends them. */
export function resolutionOf(order: ByteOrder, bytes: Uint8Array, start: number, to: number): Resolution {
  const resolution = { ...usualResolution };
  let from = start;
  while (to - from >= 4) {
    const code = order.u16(bytes, from);
    const length = order.u16(bytes, from + 2);
    from += 4;
    if (code === options.end || length > to - from) break;
    if (code === options.resolution && length === 1) resolution.perSecond = unitsPerSecond(u8(bytes, from));
    if (code === options.offset && length === 8) resolution.offsetSeconds = signed64(order, bytes, from);
    from += length + ((4 - (length % 4)) % 4);
  }
  return resolution;
}

/** In the order of the file, the half that is higher comes first only where the bytes do. */
function signed64(order: ByteOrder, bytes: Uint8Array, from: number): bigint {
  const [first, second] = [order.u32(bytes, from), order.u32(bytes, from + 4)];
  const isBig = order.u16(new Uint8Array([0, 1]), 0) === 1;
  const [high, low] = isBig ? [first, second] : [second, first];
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}
