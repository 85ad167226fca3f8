import fc from 'fast-check';
import { setRun } from '../../../src/access/changes/life.ts';
import type { AuditEntry } from '../../../src/domain/audit.ts';
import type { Change, ChangeState, Move } from '../../../src/domain/change.ts';
import { MADE, MINUTE } from '../changes/orders.ts';
import { judgeOf } from './deeds.ts';
import { type Deed, isBacked, type Known, predicted } from './oracle.ts';
import { PLAIN, policyOf } from './policies.ts';

/** The ways that there are; from a state to itself where something is noted. */
export const WAYS: Record<ChangeState, readonly ChangeState[]> = {
  proposed: ['requested', 'approved', 'refused', 'expired'],
  requested: ['requested', 'approved', 'refused', 'expired'],
  approved: ['running', 'refused', 'expired'],
  running: ['running', 'done', 'failed', 'refused', 'undone'],
  done: ['undoing', 'undone'],
  failed: ['undoing', 'undone'],
  undoing: ['undoing', 'undone', 'done', 'failed'],
  refused: [],
  expired: [],
  undone: [],
};

/** All that is so at the moment, told to both sides. */
export interface World {
  plain: (typeof PLAIN)[number];
  now: number;
  known: Known;
}

/** The order as it is kept: every move that was accepted is written together with its line. */
export interface Kept {
  change: Change;
  lines: AuditEntry[];
  /** The runs that began to carry it out, not counting those that went on with it. */
  begun: string[];
  /** The judgement that moved it last: a caller who got no answer hands it in again. */
  last: ((change: Change) => Move) | null;
  /** The ways that it went. */
  seen: Set<string>;
}

export type Step = fc.Command<World, Kept>;

/** As `expect`, of which there are too many here. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`it must hold that ${what}`);
}

function lineFits({ id, digest, plan, state }: Change, { change, digest: of, cluster, remedy, action }: AuditEntry): void {
  must(change === id && of === digest && cluster === plan.cluster && remedy === plan.remedy, 'the line of the audit is of this order');
  must(state !== 'proposed' || ['requested', 'declined', 'expired'].includes(action), `a proposed order is not ${action}`);
}

function write(kept: Kept, judge: (change: Change) => Move): boolean {
  const move = judge(kept.change);
  if ('not' in move) return false;
  const { change: from } = kept;
  const { to } = move;
  must(WAYS[from.state].includes(to.state), `there is a way from ${from.state} to ${to.state}`);
  must(to.movedAt >= from.movedAt, 'no move lies before the one before');
  must(to.id === from.id && to.digest === from.digest && to.plan === from.plan && to.expiresAt === from.expiresAt, 'the plan stays');
  lineFits(from, move.audit);
  if (from.state === 'approved' && to.state === 'running') kept.begun.push(to.applyRun ?? '');
  must(kept.begun.length <= 1, 'it is carried out once');
  kept.seen.add(`${from.state} → ${to.state}`);
  kept.last = judge;
  kept.change = to;
  kept.lines.push(move.audit);
  return true;
}

/** Something is done to the order; `useful`: only where it comes to something. */
class Does implements Step {
  private readonly deed: Deed;
  private readonly useful: boolean;
  constructor(deed: Deed, useful: boolean) {
    this.deed = deed;
    this.useful = useful;
  }

  check = ({ known, plain, now }: World): boolean => !this.useful || predicted(known, this.deed, plain, now) !== null;

  run(world: World, kept: Kept): void {
    const { plain, now, known } = world;
    const should = predicted(known, this.deed, plain, now);
    const [lines, begun] = [kept.lines.length, kept.begun.length];
    if (this.deed.do === 'setRun') kept.change = setRun(kept.change, this.deed.act, this.deed.run);
    else must(write(kept, judgeOf(this.deed, policyOf(plain), now)) === (should !== null), `it is ${should === null ? 'not ' : ''}moved`);
    if (should !== null) world.known = { ...known, movedAt: Math.max(now, known.movedAt), ...should };
    must(kept.lines.length - lines === (should === null || this.deed.do === 'setRun' ? 0 : 1), 'every move has one line');
    must(kept.begun.length === begun || isBacked(world.known, plain, now), 'it is carried out with all approvals that are asked then');
    const inTime = now < MADE + 30 * MINUTE && known.movedAt < MADE + 30 * MINUTE && now >= known.movedAt - MINUTE;
    must(kept.begun.length === begun || inTime, 'it is begun in its time, whichever way the clock jumped');
    this.compare(kept.change, world.known);
  }

  private compare({ state, applyRun, undoRun, movedAt, endsAt }: Change, known: Known): void {
    must(state === known.state, `it is ${known.state}, not ${state}`);
    must(applyRun === known.applyRun && undoRun === known.undoRun, 'its runs are those that began');
    must(movedAt === known.movedAt, 'it was moved when it was moved');
    must((endsAt !== null) === known.temporary, 'it ends by itself where it is temporary');
  }

  toString = (): string => JSON.stringify(this.deed);
}

/** The answer to the last move was lost: it is asked for once more. It stays as it is, or the same run goes on with what it has begun. */
class AsksAgain implements Step {
  check = (): boolean => true;

  run(_world: World, kept: Kept): void {
    const { last, change: before } = kept;
    if (last !== null && write(kept, last)) must(['running', 'undoing'].includes(before.state), 'only work goes on');
    must(JSON.stringify(kept.change) === JSON.stringify(before), 'nothing is done twice');
  }

  toString = (): string => 'asks again';
}

/** Another policy is in force. */
class Turns implements Step {
  private readonly to: number;
  constructor(to: number) {
    this.to = to;
  }
  check = (): boolean => true;
  run(world: World): void {
    world.plain = PLAIN[this.to] ?? world.plain;
  }
  toString = (): string => `policy ${this.to}`;
}

/** The clock goes on, or jumps. */
class Ticks implements Step {
  private readonly minutes: number;
  constructor(minutes: number) {
    this.minutes = minutes;
  }
  check = (): boolean => true;
  run(world: World): void {
    world.now += this.minutes * MINUTE;
  }
  toString = (): string => `${this.minutes} minutes`;
}

const clicker = fc.record({
  user: fc.constantFrom('U0ADA', 'U0BOB', 'U0CY', 'U0DAN', 'U0EVE'),
  home: fc.constantFrom(true, true, true, true, false),
  guest: fc.constantFrom(false, false, false, false, true),
});
const run = fc.constantFrom('aaaaaaaaaa', 'bbbbbbbbbb');
const outcome = fc.constantFrom('applied' as const, 'refused' as const, 'failed' as const, 'stopped' as const, 'unverified' as const);

const deeds: fc.Arbitrary<Deed>[] = [
  fc.record({ do: fc.constant('ask' as const), by: clicker }),
  fc.record({ do: fc.constant('approve' as const), by: clicker }),
  fc.record({ do: fc.constantFrom('approve' as const, 'undo' as const, 'decline' as const), by: clicker }),
  fc.record({ do: fc.constant('begin' as const), run }),
  fc.record({ do: fc.constantFrom('begin' as const, 'beginUndo' as const), run }),
  fc.record({ do: fc.constant('setRun' as const), act: fc.constantFrom('apply' as const, 'undo' as const), run }),
  fc.record({ do: fc.constant('finish' as const), outcome, undoable: fc.boolean(), temporary: fc.boolean() }),
  fc.record({ do: fc.constant('finishUndo' as const), outcome }),
  fc.record({ do: fc.constantFrom('keepBefore' as const, 'end' as const) }),
  fc.record({ do: fc.constantFrom('refuse' as const, 'refuseUntouched' as const, 'expire' as const, 'sweep' as const) }),
];

/** Whatever can happen. */
export const steps: fc.Arbitrary<Step>[] = [
  ...deeds.map((deed) => fc.tuple(deed, fc.boolean()).map(([one, useful]) => new Does(one, useful))),
  fc.constant(new AsksAgain()),
  fc.integer({ min: 0, max: PLAIN.length - 1 }).map((to) => new Turns(to)),
  fc.constantFrom(1, 5, 11, 31, -1, -3, -40).map((minutes) => new Ticks(minutes)),
];
