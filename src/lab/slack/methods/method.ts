import type { Lab } from '../lab.ts';
import type { Channel, Json } from '../world/world.ts';
import type { Args } from './arguments.ts';

/** One method of the Web API. It answers with what comes beside `ok`, or throws a `Refusal`. */
export interface Method {
  token: 'bot' | 'app';
  /** The scope that it needs; null: none, or one that depends on what is asked for (`requireScope`). */
  scope: string | null;
  run(lab: Lab, args: Args): Json | Promise<Json>;
}

/** Methods by name. */
export type Methods = Readonly<Record<string, Method>>;

export type Kind = Channel['kind'];
