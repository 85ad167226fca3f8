/** Bytes one after another. */
export const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Numbers in network order. */
export const n16 = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];
export const n32 = (value: number): number[] => [...n16(value >>> 16), ...n16(value & 0xffff)];

/** The byte order of a file. */
export type Order = 'little' | 'big';

const inOrder = (bytes: number[], order: Order): number[] => (order === 'big' ? bytes : bytes.toReversed());
export const f16 = (value: number, order: Order): number[] => inOrder(n16(value), order);
export const f32 = (value: number, order: Order): number[] => inOrder(n32(value), order);
export const f64 = (value: bigint, order: Order): number[] =>
  inOrder([...n32(Number((value >> 32n) & 0xffff_ffffn)), ...n32(Number(value & 0xffff_ffffn))], order);

/** Up to a multiple of four bytes. */
export const padded = (bytes: Uint8Array): Uint8Array => joined(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
