/** Factors of Kubernetes' quantity suffixes as a power of ten, or of two. */
const TENS: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const TWOS: Record<string, bigint> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const QUANTITY = /^\+?(\d{1,30})(?:\.(\d{0,30}))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])|[eE]([+-]?\d{1,2}))?$/;

/** Bytes of a memory quantity ("170Mi"), a fraction rounded up as the API server does; null when it is none, or negative. */
export function memoryBytes(text: string): number | null {
  return scaled(text, 0);
}

/** Thousandths of a CPU ("100m" is 100, "2" is 2000), rounded up; null when it is no quantity, or negative. */
export function cpuMillis(text: string): number | null {
  return scaled(text, 3);
}

/** The quantity times ten to the `power`, exact until the last rounding: 1.1 CPU must be 1100 and not 1101. */
function scaled(text: string, power: number): number | null {
  const parts = QUANTITY.exec(text.startsWith('.') ? `0${text}` : text);
  if (parts === null) return null;
  const [, whole = '', fraction = '', suffix = '', exponent = '0'] = parts;
  const tens = power - fraction.length + (TENS[suffix] ?? 0) + Number(exponent);
  const digits = BigInt(whole + fraction) << (TWOS[suffix] ?? 0n);
  return tens >= 0 ? Number(digits * 10n ** BigInt(tens)) : Number(dividedUp(digits, 10n ** BigInt(-tens)));
}

function dividedUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
