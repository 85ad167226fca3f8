import { type Place, placeKey } from '../domain/run.ts';

type Spot = Pick<Place, 'channel' | 'thread'>;

const PLACE = /^([CGD][A-Z0-9]{1,30})(?:\/(\d{1,12}\.\d{1,9}))?$/;

/** A place as a window carries it with it. */
export const placeToMetadata = (place: Spot): string => placeKey(place);

/** The place that a window carries; null for anything else. It comes back by way of a client: it says where, and never who or whether. */
export function placeFromMetadata(metadata: string): Spot | null {
  const [, channel, thread = null] = PLACE.exec(metadata) ?? [];
  return channel === undefined ? null : { channel, thread };
}
