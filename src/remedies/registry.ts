import type { AnyRemedy } from './remedy.ts';

/** All remedies. */
export const remedies: readonly AnyRemedy[] = [];

/** The remedy with this id. */
export const remedyOf = (id: string): AnyRemedy | undefined => remedies.find((remedy) => remedy.id === id);
