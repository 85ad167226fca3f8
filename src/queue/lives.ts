import { z } from 'zod';
import { ChangeLife, isMoving, isPlanned, newChange, Proposal, type Change } from '../domain/change.ts';
import { read } from './read.ts';

/** What hash fields of the lives of orders begin with. */
export const LIFE_FIELD = 'change:';

/**
 * Marks what bots and workers write, so that nobody else can have written it: Redis is no proof of who approved what. `make` gives 64
 * hexadecimal digits for a text.
 */
export interface Seal {
  make(text: string): string;
  holds(text: string, seal: string): boolean;
}

/**
 * The life of an order as it is stored, after its seal and a space. `revision`: how many moves its run counts with this one: of two lives of an order the one with more is
 * newer. `token`: of the move, so that no two texts are the same.
 */
const LifeText = ChangeLife.extend({ revision: z.number(), token: z.string() });

const Proposals = z.array(Proposal);

/** Lines of a query log that are kept with an order: the newest, up to so many characters. */
const MOST_LINES = 256 * 1024;

/** The seal of a stored life, and the rest of its text. */
const apart = (text: string): { seal: string; body: string } => ({ seal: text.slice(0, 64), body: text.slice(65) });

const lifeIn = (text: string): z.infer<typeof LifeText> | null => read(LifeText, apart(text).body);

/** What is sealed: the life, of which order of which run, and the plan that it is about. */
const sealedText = (run: string, { id, digest }: Pick<Change, 'id' | 'digest'>, body: string): string => [run, id, digest, body].join('\n');

/** Whether the stored life of an order of this run was written by one who has the secret. */
export function isGenuine(seal: Seal, run: string, change: Pick<Change, 'id' | 'digest'>, text: string): boolean {
  const parts = apart(text);
  return seal.holds(sealedText(run, change, parts.body), parts.seal);
}

const proposedText = (run: string, { id, digest }: Pick<Change, 'id' | 'digest'>): string => ['proposed', run, id, digest].join('\n');

/** What the check of a run proposes, so that nobody else can have proposed it. */
export const sealedProposals = (seal: Seal, run: string, proposals: readonly Proposal[]): Proposal[] =>
  proposals.map((proposal) => (isPlanned(proposal) ? { ...proposal, seal: seal.make(proposedText(run, proposal)) } : proposal));

/** Whether an order of this run that nobody has moved was proposed by one who has the secret. The plan is held to its digest by whoever carries it out. */
export function isProposedByUs(seal: Seal, run: string, orders: Pick<StoredOrders, 'proposals'>, id: string): boolean {
  const proposal = proposalsOf(orders)
    ?.filter(isPlanned)
    .find((one) => one.id === id);
  return proposal?.seal !== undefined && seal.holds(proposedText(run, proposal), proposal.seal);
}

/** Of which move a life is: how many the run counts with it, and the token of the one who makes it. */
export interface MoveMark {
  run: string;
  revision: number;
  token: string;
}

/** The text of an order's life. Throws a ZodError for what is none. */
export function lifeText(seal: Seal, change: Change, { run, revision, token }: MoveMark): string {
  const life = ChangeLife.parse(change);
  const cut = <R extends Change['result']>(result: R): R => (result === null ? result : { ...result, lines: newestLines(result.lines) });
  const body = JSON.stringify({ ...life, result: cut(life.result), undoResult: cut(life.undoResult), revision, token });
  return `${seal.make(sealedText(run, change, body))} ${body}`;
}

function newestLines(lines: readonly string[]): string[] {
  let left = MOST_LINES;
  return lines
    .toReversed()
    .filter((line) => (left -= line.length + 1) >= 0)
    .toReversed();
}

/** How new a life is; 0: there is none, or it cannot be understood. */
export const revisionOf = (text: string | undefined): number => (text === undefined ? null : lifeIn(text))?.revision ?? 0;

/** What is stored of a run's orders: what its check proposed, and the lives of those that were moved, by id. */
export interface StoredOrders {
  proposals: string | null;
  lives: Readonly<Record<string, string>>;
}

/** What a check proposed; null: nothing was looked for, or it cannot be understood. */
export const proposalsOf = ({ proposals }: Pick<StoredOrders, 'proposals'>): Proposal[] | null => read(Proposals, proposals);

/**
 * The orders of a run as they stand. One whose life cannot be understood is left out: it must not seem as new. Those that nobody has moved stand
 * as they were proposed.
 */
export function changesOf(orders: StoredOrders): Change[] {
  return (proposalsOf(orders) ?? []).filter(isPlanned).flatMap((proposal) => {
    const fresh = newChange(proposal);
    const text = orders.lives[proposal.id];
    if (text === undefined) return [fresh];
    const life = lifeIn(text);
    if (life === null) return [];
    const { revision: _revision, token: _token, ...rest } = life;
    return [{ ...fresh, ...rest }];
  });
}

/** States of an order whose work was not begun, and of one whose work was: from these none leads back to those. */
const NOT_BEGUN: readonly Change['state'][] = ['proposed', 'requested', 'approved', 'expired'];
const BEGUN: readonly Change['state'][] = ['running', 'done', 'failed', 'undoing', 'undone'];

/**
 * Whether a life is newer than another of the same order. When Redis comes back with an old one, it may be moved on from there before the newer is
 * written back, so that the count of moves does not tell: but what was begun is newer than what was not.
 */
function isNewer(ours: string, theirs: string | undefined): boolean {
  const life = lifeIn(ours);
  if (life === null || ours === theirs) return false;
  const other = theirs === undefined ? null : lifeIn(theirs);
  if (other === null) return theirs === undefined;
  if (BEGUN.includes(life.state) && NOT_BEGUN.includes(other.state)) return true;
  if (NOT_BEGUN.includes(life.state) && BEGUN.includes(other.state)) return false;
  return life.revision > other.revision;
}

/** Those lives that are newer in `ours`. */
export function newerLives(ours: StoredOrders['lives'], theirs: StoredOrders['lives']): Record<string, string> {
  return Object.fromEntries(Object.entries(ours).filter(([id, text]) => isNewer(text, theirs[id])));
}

/** Which act of an order is due or under way; null: none. */
export function actOf({ state }: Pick<Change, 'state'>): 'apply' | 'undo' | null {
  if (state === 'undoing') return 'undo';
  return state === 'approved' || state === 'running' ? 'apply' : null;
}

/** The run that does what is due, or undoes it; null: nothing is due, or no run is for it yet. */
export function workOf(change: Pick<Change, 'state' | 'applyRun' | 'undoRun'>): string | null {
  const act = actOf(change);
  if (act === null) return null;
  return act === 'apply' ? change.applyRun : change.undoRun;
}

/** An order in the sorted sets. */
export const orderText = (run: string, id: string): string => `${run}.${id}`;

/** The run and the id in such a text; null: it is none. */
export function orderIn(text: string): { run: string; id: string } | null {
  const [, run, id] = /^([0-9a-f]{10})\.([0-9a-f]{32})$/.exec(text) ?? [];
  return run === undefined || id === undefined ? null : { run, id };
}

/** Where an order stands in the sorted sets; null: it does not. */
export interface OrderScores {
  expiring: number | null;
  moving: number | null;
}

const BEFORE_WORK: readonly Change['state'][] = ['proposed', 'requested', 'approved'];

/** Whether it may become too old: its work has not begun. */
export const mayExpire = ({ state }: Pick<Change, 'state'>): boolean => BEFORE_WORK.includes(state);

export const scoresOf = (change: Change): OrderScores => ({
  expiring: mayExpire(change) ? change.expiresAt : null,
  moving: isMoving(change) ? change.movedAt : null,
});
