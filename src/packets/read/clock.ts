/** Makes milliseconds since the epoch of the two numbers that a record keeps of its time. The nearest double to what the file says. */
export type Clock = (high: number, low: number) => number;

/** The last millisecond that a `Date` can be made of. */
const lastOfDate = 8.64e15;

const bounded = (at: number): number => Math.min(Math.max(at, 0), lastOfDate);

/** pcap: seconds, and micro- or nanoseconds. */
export const pcapClock = (fractionsOfMicrosecond: 1 | 1000): Clock =>
  fractionsOfMicrosecond === 1
    ? (seconds, fraction) => (seconds * 1e6 + fraction) / 1000
    : (seconds, fraction) => (seconds * 1e6 + fraction / 1000) / 1000;

/** pcapng: units since the epoch in 64 bits, and an offset in seconds. */
export interface Resolution {
  /** How many units a second has. */
  perSecond: bigint;
  offsetSeconds: bigint;
}

/** Of an interface that does not say: microseconds. */
export const usualResolution: Resolution = { perSecond: 1_000_000n, offsetSeconds: 0n };

/** What if_tsresol says: a power of ten, or of two when the highest bit is set. */
export const unitsPerSecond = (code: number): bigint => (code & 0x80 ? 2n : 10n) ** BigInt(code & 0x7f);

/** A time that a Date cannot hold is the nearest that it can, and none is before the epoch: such a file lies, and the report must not fail on it. */
export function pcapngClock({ perSecond, offsetSeconds }: Resolution): Clock {
  const exact: Clock = (high, low) => {
    const units = (BigInt(high) << 32n) | BigInt(low);
    const seconds = units / perSecond + offsetSeconds;
    const micros = (Number(units % perSecond) * 1e6) / Number(perSecond);
    return bounded((Number(seconds) * 1e6 + micros) / 1000);
  };
  if (perSecond !== 1_000_000n || offsetSeconds !== 0n) return exact;
  // up to the year 2255 a number holds the microseconds exactly
  return (high, low) => (high < 0x20_0000 ? (high * 0x1_0000_0000 + low) / 1000 : exact(high, low));
}
