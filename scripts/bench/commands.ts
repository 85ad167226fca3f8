import { seeded } from '../../src/lab/slack/world/random.ts';
import { channelIds, clusterNames, onCall, others } from './workspace.ts';

/** Something that somebody types. */
export interface Typed {
  user: string;
  channel: string;
  text: string;
}

export const places = { clusters: 40, channels: 10 };

const kinds: readonly (readonly [share: number, text: (cluster: string) => string, who: readonly string[]])[] = [
  [40, (cluster) => `check ${cluster}`, onCall],
  [10, (cluster) => `check ${cluster}`, others],
  [25, () => 'status', onCall],
  [10, () => 'help', onCall],
  [5, () => 'clusters', onCall],
  [5, (cluster) => `history ${cluster}`, onCall],
  [5, (cluster) => `chek ${cluster}`, onCall],
];

/** So many commands as a busy company types them: the same for the same seed. Four in ten start a check or join one, one in ten is refused. */
export function typed(count: number, seed: number): Typed[] {
  const random = seeded(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const [clusters, channels] = [clusterNames(places.clusters), channelIds(places.channels)];
  const drawn = kinds.flatMap((kind) => Array.from({ length: kind[0] }, () => kind));
  return Array.from({ length: count }, () => {
    const [, text, who] = one(drawn);
    return { user: one(who), channel: one(channels), text: text(one(clusters)) };
  });
}
