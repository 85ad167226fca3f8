import { randomBytes } from 'node:crypto';

/** A new id of a run: ten hexadecimal digits. */
export const newRunId = (): string => randomBytes(5).toString('hex');
