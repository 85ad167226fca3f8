import type { Reading } from '../domain/reading.ts';

/** The data of a reading that went well, else null. */
export function given<T>(reading: Reading<T> | undefined): T | null {
  return reading?.status === 'ok' ? reading.data : null;
}
