import type { Person } from '../domain/access.ts';
import type { Place } from '../domain/run.ts';
import type { Counter } from './counter.ts';
import type { Asker, Whereabouts } from './facts.ts';

type Spot = Pick<Place, 'channel' | 'thread'>;

/** Who asks, where, and where the answer should stand. */
export interface Situation {
  person: Person;
  where: Whereabouts;
  /** Where a run's thread would be. */
  place: Spot;
  /** Where they are: "the newest run here" is looked for there. */
  spot: Spot;
  /** How the bot is called there: `/dns`, or `@dns-medic` in a thread. */
  calledAs: string;
}

/**
 * Looks up who asks and where, both at once. Rejects with a `Failure` when Slack does not say who it is. `spot`: the place, unless said; `fresh`:
 * nothing that Slack said before is taken for what it says now.
 */
export async function situate(
  { facts }: Pick<Counter, 'facts'>,
  asker: Asker,
  { place, spot = place, calledAs, fresh = false }: { place: Spot; spot?: Spot; calledAs: string; fresh?: boolean },
): Promise<Situation> {
  const [person, where] = await Promise.all([facts.person(asker, fresh), facts.channel(place.channel, fresh)]);
  return { person, where, place, spot, calledAs };
}
