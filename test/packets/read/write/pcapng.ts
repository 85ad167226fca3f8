import { f16, f32, f64, joined, padded, type Order } from './bytes.ts';

export function block(type: number, body: Uint8Array, order: Order): Uint8Array {
  const length = f32(12 + padded(body).length, order);
  return joined(f32(type, order), length, padded(body), length);
}

export const sectionBlock = (order: Order): Uint8Array =>
  block(0x0a_0d_0d_0a, joined(f32(0x1a_2b_3c_4d, order), f16(1, order), f16(0, order), f64(-1n, order)), order);

const option = (code: number, value: Uint8Array, order: Order): Uint8Array =>
  joined(f16(code, order), f16(value.length, order), padded(value));

export interface InterfaceModel {
  linkType: number;
  snapLength?: number;
  /** if_tsresol, as it is written. */
  resolution?: number;
  offsetSeconds?: bigint;
}

export function interfaceBlock({ linkType, snapLength = 0, resolution, offsetSeconds }: InterfaceModel, order: Order): Uint8Array {
  const options = [
    // a name, which nobody needs, of a length that is filled up
    option(2, Uint8Array.from([101, 116, 104, 48, 49]), order),
    ...(resolution === undefined ? [] : [option(9, Uint8Array.from([resolution]), order)]),
    ...(offsetSeconds === undefined ? [] : [option(14, Uint8Array.from(f64(offsetSeconds, order)), order)]),
    option(0, new Uint8Array(0), order),
  ];
  return block(1, joined(f16(linkType, order), [0, 0], f32(snapLength, order), ...options), order);
}

/** A packet at so many units since the epoch. */
export interface PacketModel {
  interface: number;
  units: bigint;
  bytes: Uint8Array;
}

const times = (units: bigint, order: Order): number[] => [...f32(Number(units >> 32n), order), ...f32(Number(units & 0xffff_ffffn), order)];

export const enhancedBlock = ({ interface: index, units, bytes }: PacketModel, order: Order): Uint8Array =>
  block(6, joined(f32(index, order), times(units, order), f32(bytes.length, order), f32(bytes.length, order), padded(bytes)), order);

/** The packet block that the enhanced one took the place of. */
export const obsoleteBlock = ({ interface: index, units, bytes }: PacketModel, order: Order): Uint8Array =>
  block(
    2,
    joined(f16(index, order), f16(0, order), times(units, order), f32(bytes.length, order), f32(bytes.length, order), padded(bytes)),
    order,
  );

export const simpleBlock = (bytes: Uint8Array, order: Order, original = bytes.length): Uint8Array =>
  block(3, joined(f32(original, order), padded(bytes)), order);
