import { Failure } from '../base/failure.ts';
import type { Desk } from './desk.ts';
import type { Intake } from './intake.ts';

/** The desk could not be asked: what is behind it cannot be reached. */
export class DeskAway extends Error {
  override name = 'DeskAway';
}

/** A desk answers within two seconds; one that does not is away. */
const LONGEST_MS = 2_000;

const late = (): { promise: Promise<never>; end: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeskAway('no answer in time')), LONGEST_MS);
  });
  return { promise, end: () => clearTimeout(timer) };
};

async function asked<T>(answer: Promise<T>): Promise<T> {
  const limit = late();
  try {
    return await Promise.race([answer, limit.promise]);
  } catch (error) {
    throw error instanceof Failure ? new DeskAway(error.message, { cause: error }) : error;
  } finally {
    limit.end();
  }
}

/** The same desk, whose `Failure`s are told from those of Slack: they become `DeskAway`. */
export const reachable = (desk: Desk): Desk => ({
  first: (key) => asked(desk.first(key)),
  clusters: () => asked(desk.clusters()),
  ask: (ask) => asked(desk.ask(ask)),
  find: (run) => asked(desk.find(run)),
  latestAt: (place) => asked(desk.latestAt(place)),
  history: (cluster, limit) => asked(desk.history(cluster, limit)),
  cancel: (run, by) => asked(desk.cancel(run, by)),
  change: (run, id) => asked(desk.change(run, id)),
  move: (run, id, judge) => asked(desk.move(run, id, judge)),
  carryOut: (run, id) => asked(desk.carryOut(run, id)),
  waiting: (clusters) => asked(desk.waiting(clusters)),
});

/** The same for an intake. */
export const intakeOf = (intake: Intake): Intake => ({
  note: (key, heard) => asked(intake.note(key, heard)),
  done: (key) => asked(intake.done(key)),
  left: () => asked(intake.left()),
});
