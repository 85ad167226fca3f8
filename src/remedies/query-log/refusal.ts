import type { Acted, ActContext } from '../remedy.ts';
import { type Place, shown, standing } from '../corefile/config-map.ts';

/** Nothing was written, and why; it says what stands in the ConfigMap. Rejects with a Failure. */
export async function refusal(context: ActContext, place: Place, says: string, then: string): Promise<Acted> {
  const { text } = await standing(context.port, place, { signal: context.signal });
  return { outcome: 'refused', says, next: [`There stands now: ${shown(text)}`, then], undoable: false };
}
