import type { ServerBlock } from '../../domain/coredns.ts';
import { refersToEnvironment } from './environment.ts';
import { type SyntaxFault, faultOf } from './fault.ts';
import type { Block } from './grammar.ts';
import { directiveOf } from './stanza.ts';
import { type Zone, zonesOfKey } from './zone-key.ts';

/** More zones than a Corefile can sensibly have; keys behind them are left out and not judged. */
const maxZones = 10_000;

/** Server blocks with their zones, and the first key that CoreDNS would refuse. */
export function serversOf(blocks: readonly Block[]): { servers: ServerBlock[]; fault: SyntaxFault | null } {
  let room = maxZones;
  let fault: SyntaxFault | null = null;
  const servers = blocks.map((block) => {
    const zones: Zone[] = [];
    for (const [at, key] of block.keys.entries()) {
      if (refersToEnvironment(key) || zones.length >= room) continue;
      const read = zonesOfKey(key);
      zones.push(...read.zones.slice(0, room - zones.length));
      if (read.problem !== null) fault ??= { ...faultOf('syntax', block.keyTokens[at]!.line, read.problem), stage: 'keys' };
    }
    room -= zones.length;
    return { keys: block.keys, zones, line: block.keyTokens[0]?.line ?? 1, directives: block.stanzas.map(directiveOf) };
  });
  return { servers, fault };
}

/** Directives with which two blocks may serve the same zone and port. */
const tellsApart = ['bind', 'view'];

/**
 * The first zone and port that two keys serve. Blocks that use `bind` or `view` are not compared: whether they overlap
 * depends on addresses and filters. Nor are keys that differ in upper and lower case, of which CoreDNS' judgement changed.
 */
export function servedTwice(blocks: readonly Block[]): SyntaxFault | null {
  const seen = new Set<string>();
  for (const block of blocks) {
    if (block.stanzas.some(([name]) => tellsApart.includes(name!.text))) continue;
    for (const [at, key] of block.keys.entries()) {
      for (const served of comparable(key)) {
        if (seen.has(served)) return { ...alreadyDefined(served, block.keyTokens[at]!.line), stage: 'serve' };
        if (seen.size >= maxZones) return null;
        seen.add(served);
      }
    }
  }
  return null;
}

const alreadyDefined = (served: string, line: number) => faultOf('syntax', line, `cannot serve ${served} - it is already defined`);

function comparable(key: string): string[] {
  if (refersToEnvironment(key) || key !== key.toLowerCase()) return [];
  return zonesOfKey(key).zones.map(({ zone, port, transport }) => `${transport}://${zone}:${port}`);
}
