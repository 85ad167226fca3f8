import type { Channel, Person, Policy } from '../../../src/domain/access.ts';
import { changeRule, MADE, MINUTE } from '../changes/orders.ts';
import { channel, person, rule, TEAM } from '../people.ts';

/** A policy in plain words: who may ask, who may approve, how many it takes, and when changes rest. */
export interface Plain {
  people: number;
  ask: readonly string[];
  approve: readonly string[];
  by: readonly string[] | null;
  readOnly: boolean;
  /** Milliseconds since 1970; null: never. */
  rests: readonly [number, number] | null;
}

const base: Plain = {
  people: 2,
  ask: ['U0ADA', 'U0BOB'],
  approve: ['U0ADA', 'U0BOB', 'U0CY', 'U0DAN'],
  by: null,
  readOnly: false,
  rests: null,
};

/** The policies that are in force by turns. */
export const PLAIN: readonly Plain[] = [
  base,
  { ...base, people: 1 },
  { ...base, people: 3 },
  { ...base, people: 1, approve: ['U0CY'] },
  { ...base, by: ['U0CY'] },
  { ...base, ask: ['U0BOB'] },
  { ...base, approve: ['U0DAN'] },
  { ...base, people: 1, readOnly: true },
  { ...base, people: 1, rests: [MADE + 10 * MINUTE, MADE + 20 * MINUTE] },
];

/** The same as a policy. */
export const policyOf = ({ people, ask, approve, by, readOnly, rests }: Plain): Policy => ({
  team: TEAM,
  rules: [
    rule({ users: [...ask], channels: ['C0INCIDENT'], may: ['request'] }),
    rule({ users: [...approve], channels: ['C0INCIDENT'], may: ['approve'] }),
  ],
  changes: [
    changeRule({
      people,
      reason: false,
      by: by === null ? null : { users: [...by], groups: [] },
      freeze: rests === null ? [] : [{ from: rests[0], to: rests[1], says: 'rest' }],
    }),
  ],
  readOnly: readOnly ? ['cluster-a'] : [],
});

/** Somebody who clicks somewhere. */
export interface Clicker {
  user: string;
  home: boolean;
  guest: boolean;
}

export const byOf = ({ user, home, guest }: Clicker): { person: Person; channel: Channel } => ({
  person: person({ user, isGuest: guest }),
  channel: channel({ id: home ? 'C0INCIDENT' : 'C0ELSE' }),
});
