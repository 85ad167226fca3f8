/** A duration in milliseconds, short: `<1ms`, `250ms`, `1.2s`. */
export const shortMs = (ms: number): string => (ms < 1 ? '<1ms' : ms < 1000 ? `${Math.round(ms)}ms` : `${(ms / 1000).toFixed(1)}s`);

/** A duration in milliseconds, as in a sentence: `12 ms`, `5.3 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

const kibibyte = 1024;

/** Bytes: `512 bytes`, `403 KiB`, `1.4 MiB`. */
export function size(bytes: number): string {
  if (bytes < kibibyte) return `${bytes} bytes`;
  if (bytes < kibibyte * kibibyte) return `${Math.round(bytes / kibibyte)} KiB`;
  return `${(bytes / kibibyte / kibibyte).toFixed(1)} MiB`;
}

/** `1 pod`, `2 pods`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const steps = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** How long before the check something was: `12 s before the check`; null when that cannot be said. */
export function before(at: string | null, startedAt: string): string | null {
  const seconds = Math.round((Date.parse(startedAt) - Date.parse(at ?? '')) / 1000);
  if (Number.isNaN(seconds)) return null;
  if (seconds < 1) return 'during the check';
  const [unit, name] = steps.find(([length]) => seconds >= length) ?? [1, 's'];
  return `${Math.floor(seconds / unit)} ${name} before the check`;
}
