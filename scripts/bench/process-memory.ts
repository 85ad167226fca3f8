import { readFileSync, writeFileSync } from 'node:fs';

/** Of a process, in MB (of a million bytes): what it has in memory now, and the most it had. */
export interface ProcessMemory {
  now: number;
  peak: number;
}

/** What /proc says of a process. Throws where it says nothing: the process has ended, or this is no Linux. */
export function memoryIn(status: string): ProcessMemory {
  const of = (field: string): number => {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kilobytes === undefined) throw new Error(`/proc does not say ${field}`);
    return (Number(kilobytes) * 1_024) / 1e6;
  };
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

export const memoryOf = (pid: number): ProcessMemory => memoryIn(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** The peak counts from now on. */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');
