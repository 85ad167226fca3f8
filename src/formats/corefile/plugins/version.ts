/** A CoreDNS version as numbers, [1, 12, 4]; null when it is not known: then it counts as recent. */
export type Version = readonly number[] | null;

/** "1.12.4", "v1.12.4-eksbuild.1" and "1.12" are versions; anything else is null. */
export function versionOf(text: string | null): Version {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:[-+.].*)?$/.exec(text ?? '');
  return match === null ? null : match.slice(1, 4).map((part) => Number(part ?? 0));
}

/** Is the version known, and lower than `limit`? */
export function before(version: Version, limit: string): boolean {
  if (version === null) return false;
  const parts = limit.split('.').map(Number);
  const at = parts.findIndex((part, index) => (version[index] ?? 0) !== part);
  return at !== -1 && (version[at] ?? 0) < parts[at]!;
}

/** The first version that the tables of this folder know nothing of. */
const unknownFrom = '1.16.0';

export const isModelled = (version: Version): boolean => version === null || before(version, unknownFrom);
