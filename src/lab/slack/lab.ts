import type { RateLimits } from './rate-limits.ts';
import type { Sockets } from './delivery/sockets.ts';
import type { Troubles } from './trouble.ts';
import type { Timing } from './world/settings.ts';
import type { World } from './world/world.ts';

/** What the parts of the look-alike share. */
export interface Lab {
  world: World;
  timing: Timing;
  /** Types of blocks that this workspace refuses. */
  blocksRefused: readonly string[];
  /** Null: no limits. */
  limits: RateLimits | null;
  troubles: Troubles;
  sockets: Sockets;
  /** Where events go in HTTP mode; null: Socket Mode. */
  deliverTo: string | null;
  /** `http://127.0.0.1:PORT` */
  address(): string;
  /** From 0 to 1; the same for the same seed. */
  random(): number;
  /** A new id of so many letters and digits. */
  id(length: number): string;
  /** A new hash of a view. */
  hash(): string;
  changed(): void;
  remark(words: string): void;
  /** Does something after so many milliseconds, unless the look-alike is closed before. */
  later(ms: number, work: () => void): void;
}
