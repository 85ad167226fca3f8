import { randomUUID } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { Timing } from './settings.ts';
import type { ResponseUrl, Trigger, World } from './world.ts';

const MOST = 20_000;

/** A new trigger_id for what a user has just done. */
export function newTrigger(world: World, user: string, from: string | null = null): string {
  const id = `${Date.now()}.${world.triggers.size}.${randomUUID().replaceAll('-', '')}`;
  keep(world.triggers, id, { user, at: Date.now(), used: false, from });
  return id;
}

/** Uses a trigger up. It can be used once, and not for long. */
export function useTrigger(world: World, id: string, timing: Timing): Trigger {
  const trigger = world.triggers.get(id);
  if (trigger === undefined) throw new Refusal('invalid_trigger_id');
  if (Date.now() - trigger.at > timing.trigger) throw new Refusal('expired_trigger_id');
  if (trigger.used) throw new Refusal('exchanged_trigger_id');
  trigger.used = true;
  return trigger;
}

/** The key of a new response_url. */
export function newResponseUrl(world: World, given: Omit<ResponseUrl, 'at' | 'uses'>): string {
  const id = randomUUID();
  keep(world.urls, id, { ...given, at: Date.now(), uses: 0 });
  return id;
}

function keep<T>(map: Map<string, T>, id: string, value: T): void {
  map.set(id, value);
  const oldest = map.size > MOST ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
