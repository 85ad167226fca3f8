import type { Channel, Person, Policy } from '../../../src/domain/access.ts';
import type { Change, ChangeState } from '../../../src/domain/change.ts';
import { changeRule, MADE, MINUTE, order, result, yes } from '../changes/orders.ts';
import { channel, person, policy, rule } from '../people.ts';

/** When everybody of these tests clicks. */
export const NOW = MADE + 5 * MINUTE;

const may = rule({ channels: ['C0INCIDENT'] });

/** Who may do what, of the cast: by rules for each thing, so that each can be lacked by itself. */
const rights = policy(
  { ...may, users: ['U0ASK', 'U0BOTH', 'U0LAZY'], groups: ['S0OPS'], may: ['check', 'read', 'request'] },
  { ...may, users: ['U0YES', 'U0BOTH', 'U0YES2'], groups: ['S0OPS'], may: ['read', 'approve'] },
  { ...may, users: ['U0STOP'], may: ['cancel'] },
);

const asking = (people: number, more: Parameters<typeof changeRule>[0] = {}): Policy => ({
  ...rights,
  changes: [changeRule({ people, reason: false, ...more })],
});

/** The policies: what differs between them is told by their names. */
export const POLICIES = {
  '1 person': asking(1),
  '2 people': asking(2),
  '3 people': asking(3),
  '2 people, by list': asking(2, { by: { users: ['U0YES', 'U0STOP'], groups: [] } }),
  'read-only': { ...asking(1), readOnly: ['cluster-a'] },
  frozen: asking(1, { freeze: [{ from: MADE, to: MADE + 60 * MINUTE, says: 'Christmas' }] }),
  'no rule': { ...rights, rules: [] },
} satisfies Record<string, Policy>;
export type PolicyName = keyof typeof POLICIES;

/** Somebody who clicks. `can`: what the policies give to this one; `bar`: why this one gets nothing; `lacks`: what is said where a right is missing. */
export interface Kind {
  who: Person;
  where: Channel;
  can: readonly ('request' | 'approve' | 'cancel')[];
  bar: string | null;
  lacks: string;
}

/** Where the cast clicks, unless said: files are handed out only where not everybody can join. */
const room = (change: Partial<Channel> = {}): Channel => channel({ kind: 'private', ...change });

const kind = (user: string, can: Kind['can'], change: Partial<Omit<Kind, 'can' | 'who'>> & { who?: Partial<Person> } = {}): Kind => ({
  where: room(),
  bar: null,
  lacks: 'person',
  ...change,
  can,
  who: person({ user, ...change.who }),
});
const barred = (bar: string, change: Partial<Person>, where: Partial<Channel> = {}): Kind =>
  kind('U0BOTH', ['request', 'approve'], { bar, who: change, where: room(where) });

/** The cast. */
export const KINDS = {
  'may ask': kind('U0ASK', ['request']),
  'may approve': kind('U0YES', ['approve']),
  'may do both': kind('U0BOTH', ['request', 'approve']),
  'may do both, by group': kind('U0OPS', ['request', 'approve'], { who: { groups: ['S0OPS'] } }),
  'may do both, in public': kind('U0BOTH', ['request', 'approve'], { where: channel() }),
  'may cancel': kind('U0STOP', ['cancel']),
  'nobody in particular': kind('U0NEW', []),
  'groups unknown': kind('U0OPS', [], { who: { groups: null }, lacks: 'groups-unknown' }),
  'from another channel': kind('U0BOTH', [], { where: room({ id: 'C0ELSE' }), lacks: 'channel' }),
  'from a shared channel': barred('shared-channel', {}, { isShared: true }),
  'from an unknown channel': barred('unknown-channel', {}, { kind: 'unknown' }),
  guest: barred('guest', { isGuest: true }),
  bot: barred('bot', { isBot: true }),
  deactivated: barred('deactivated', { isDeleted: true }),
  stranger: barred('external', { team: 'T0ELSE', isStranger: true }),
} satisfies Record<string, Kind>;
export type KindName = keyof typeof KINDS;

const files = [{ name: 's1.pcap', bytes: 24, why: null }];

const lives: Record<ChangeState, Partial<Change>> = {
  proposed: {},
  requested: {},
  approved: {
    applyRun: 'aaaaaaaaaa',
    approvals: [yes('U0YES2'), yes('U0OPS', { person: person({ user: 'U0OPS', groups: ['S0OPS'] }) })],
  },
  running: { applyRun: 'aaaaaaaaaa' },
  done: { applyRun: 'aaaaaaaaaa', result: result({ files }) },
  failed: { applyRun: 'aaaaaaaaaa', result: result({ outcome: 'failed', files }) },
  refused: { why: 'the Corefile had changed' },
  expired: {},
  undoing: { result: result(), undoneBy: 'U0YES', undoRun: 'bbbbbbbbbb' },
  undone: { result: result(), undoneBy: 'U0YES' },
};

/** The orders that are clicked on: each state, asked for by one who may only ask and by one who may approve too; and those in between. */
export interface Clicked {
  name: string;
  change: Change;
}

const asked = (state: ChangeState, by: string, more: Partial<Change> = {}): Change =>
  order({ state, requested: state === 'proposed' ? null : yes(by), movedAt: MADE + MINUTE, ...lives[state], ...more });

/** The name of an order. */
const named = (name: string, change: Change): Clicked => ({ name, change });

export const ORDERS: readonly Clicked[] = [
  ...(Object.keys(lives) as ChangeState[]).map((state) => named(state, asked(state, 'U0ASK'))),
  ...(['requested', 'running', 'done'] as const).map((state) => named(`${state}, by one who may do both`, asked(state, 'U0BOTH'))),
  named('requested, 1 yes', asked('requested', 'U0ASK', { approvals: [yes('U0YES')] })),
  named('requested, too old', asked('requested', 'U0ASK', { expiresAt: NOW })),
  named('failed, nothing written', asked('failed', 'U0ASK', { result: result({ outcome: 'failed', undoable: false }) })),
];
