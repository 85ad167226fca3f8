import { hostname } from 'node:os';
import { createLog, type Fields, type Log } from '../../telemetry/log.ts';

/** The log of a process: lines of JSON on stdout. */
export const processLog = (level: string, name: string): Log =>
  createLog(level, { process: name, host: hostname() } satisfies Fields, (line) => void process.stdout.write(line));
