import type { Acted, ActContext } from '../remedy.ts';
import { type Place, standing } from './config-map.ts';

/** What stands there, for people: its first lines, in one. */
const shown = (text: string | null): string =>
  text === null
    ? 'nothing'
    : text
        .split('\n')
        .slice(0, 12)
        .join(' / ')
        .replaceAll(/\p{Cc}/gu, ' ')
        .slice(0, 400);

/** Nothing was written, and why; it says what stands in the ConfigMap. Rejects with a Failure. */
export async function refusal(context: ActContext, place: Place, says: string, then: string): Promise<Acted> {
  const { text } = await standing(context.port, place, { signal: context.signal });
  return { outcome: 'refused', says, next: [`There stands now: ${shown(text)}`, then], undoable: false };
}
