import type { Channel, Person, Policy, PolicyRule } from '../../src/domain/access.ts';

export const TEAM = 'T0HOME';

/** Somebody of the home workspace whom no rule names. */
export const person = (change: Partial<Person> = {}): Person => ({
  user: 'U0NEW',
  team: TEAM,
  isBot: false,
  isDeleted: false,
  isGuest: false,
  isStranger: false,
  groups: [],
  ...change,
});

export const channel = (change: Partial<Channel> = {}): Channel => ({ id: 'C0INCIDENT', kind: 'public', isShared: false, ...change });

export const rule = (change: Partial<PolicyRule> = {}): PolicyRule => ({
  clusters: ['cluster-a'],
  users: ['U0ADA'],
  groups: [],
  channels: ['any'],
  may: ['check', 'doctor', 'read'],
  ...change,
});

export const policy = (...rules: PolicyRule[]): Policy => ({ team: TEAM, rules });
