import { posix } from 'node:path';
import { isBuiltin } from 'node:module';
import { MAY_USE_LAB, READS_ENVIRONMENT, ROOMS, type Room } from './doors.ts';
import { importsOf, type Import } from './imports.ts';

/** `src/checks/x/y.ts` is in the room `checks`; null outside `src/` and for a file that is in no room. */
const roomOf = (file: string): string | null => /^src\/([^/]+)\//.exec(file)?.[1] ?? null;

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function mayImport(name: string, room: Room, file: string, { specifier, typeOnly }: Import): boolean {
  if (isBuiltin(specifier)) return room.node;
  if (!specifier.startsWith('.')) return room.packages.includes(packageOf(specifier));
  const target = roomOf(posix.join(posix.dirname(file), specifier));
  if (target === null) return false;
  if (target === 'lab' && name !== 'lab') return file.startsWith(MAY_USE_LAB);
  return target === name || room.runtime.includes(target) || (typeOnly && room.types.includes(target));
}

/** The sentences about a source file that goes through a locked door. */
export function trespasses(file: string, source: string): string[] {
  const name = roomOf(file) ?? '';
  const room = Object.hasOwn(ROOMS, name) ? ROOMS[name] : undefined;
  if (room === undefined) return [`${file}: stands in no room of test/architecture/doors.ts`];
  const locked = importsOf(source).filter((each) => !mayImport(name, room, file, each));
  const found = locked.map(({ specifier }) => `${file}: imports ${specifier}: ${room.because}`);
  if (!READS_ENVIRONMENT.includes(name) && /\bprocess\.env\b/.test(source)) {
    found.push(`${file}: reads process.env: only ${READS_ENVIRONMENT.join('/ and ')}/ do; the rest is handed its settings`);
  }
  return found;
}
