import { findViewProblems } from '../../../rules/slack-limits.ts';
import type { Lab } from '../lab.ts';
import { invalidArguments, Refusal } from '../world/refusal.ts';
import { useTrigger } from '../world/triggers.ts';
import type { Json, StoredView } from '../world/world.ts';
import { isObject, needed, structure, text, type Args } from './arguments.ts';
import { pointed, problemsOf, standing } from './blocks.ts';
import type { Methods } from './method.ts';

const DEEPEST = 3;

/** The view of a call, as it will stand. Refuses what Slack refuses. */
export function checkedView(lab: Lab, given: unknown, type: 'modal' | 'home', self?: StoredView): Json {
  if (!isObject(given)) throw invalidArguments('must provide an object [json-pointer:/view]');
  const { type: own } = given;
  if (own !== type) throw invalidArguments(`invalid type: ${String(own)} [json-pointer:/view/type]`);
  const problems = findViewProblems(given);
  if (problems.some(({ says }) => says.includes('bytes; a view'))) throw new Refusal('view_too_large');
  const blocks = Array.isArray(given['blocks']) ? (given['blocks'] as Json[]) : [];
  const all = problems.length > 0 ? problems : problemsOf(lab, blocks, type);
  if (all.length > 0) throw invalidArguments(...all.map(({ at, says }) => pointed({ at: `/view${at}`, says })));
  const external = given['external_id'];
  const other = typeof external === 'string' && external !== '' ? byExternalId(lab, external) : undefined;
  if (other !== undefined && other !== self) throw new Refusal('duplicate_external_id');
  return { ...given, blocks: standing(lab, blocks) };
}

const viewOf = (lab: Lab, args: Args, type: 'modal' | 'home', self?: StoredView): Json =>
  checkedView(lab, structure(args, 'view', 'invalid_arguments'), type, self);

function byExternalId(lab: Lab, id: string): StoredView | undefined {
  return [...lab.world.views.values()].find(({ view }) => view['external_id'] === id);
}

/** A view as Slack gives it. */
export function viewJson(lab: Lab, stored: StoredView, state: Json = { values: {} }): Json {
  return {
    id: stored.id,
    team_id: lab.world.team.id,
    app_id: lab.world.app.id,
    app_installed_team_id: lab.world.team.id,
    bot_id: lab.world.app.botId,
    title: null,
    close: null,
    submit: null,
    clear_on_close: false,
    notify_on_close: false,
    private_metadata: '',
    callback_id: '',
    external_id: '',
    ...stored.view,
    hash: stored.hash,
    root_view_id: stored.root,
    previous_view_id: stored.previous,
    state,
  };
}

/** Puts a modal on top of what a user has open. */
export function pushView(lab: Lab, user: string, view: Json, onto: string[]): StoredView {
  const previous = onto.at(-1) ?? null;
  const id = `V${lab.id(9).toUpperCase()}`;
  const stored: StoredView = { id, user, view, hash: lab.hash(), root: onto[0] ?? id, previous };
  lab.world.views.set(id, stored);
  lab.world.stacks.set(user, [...onto, id]);
  lab.changed();
  return stored;
}

function open(lab: Lab, args: Args): Json {
  const view = viewOf(lab, args, 'modal');
  const trigger = useTrigger(lab.world, needed(args, 'trigger_id'), lab.timing);
  for (const id of lab.world.stacks.get(trigger.user) ?? []) lab.world.views.delete(id);
  return { view: viewJson(lab, pushView(lab, trigger.user, view, [])) };
}

function push(lab: Lab, args: Args): Json {
  const view = viewOf(lab, args, 'modal');
  const trigger = useTrigger(lab.world, needed(args, 'trigger_id'), lab.timing);
  const stack = lab.world.stacks.get(trigger.user) ?? [];
  if (trigger.from === null || !stack.includes(trigger.from)) throw new Refusal('not_found');
  if (stack.length >= DEEPEST) throw new Refusal('push_limit_reached');
  return { view: viewJson(lab, pushView(lab, trigger.user, view, stack)) };
}

/** Puts another content into a view that stands. */
export function replaceView(lab: Lab, stored: StoredView, view: Json): StoredView {
  stored.view = view;
  stored.hash = lab.hash();
  lab.changed();
  return stored;
}

function update(lab: Lab, args: Args): Json {
  const id = text(args, 'view_id');
  const stored = id === null ? byExternalId(lab, needed(args, 'external_id')) : lab.world.views.get(id);
  if (stored === undefined) throw new Refusal('not_found');
  checkHash(lab, args, stored, 'views.update');
  return { view: viewJson(lab, replaceView(lab, stored, viewOf(lab, args, 'modal', stored))) };
}

function publish(lab: Lab, args: Args): Json {
  const user = needed(args, 'user_id');
  const view = viewOf(lab, args, 'home');
  if (!lab.world.users.has(user)) throw invalidArguments('user not found [json-pointer:/user_id]');
  const before = lab.world.homes.get(user);
  if (before) checkHash(lab, args, before, 'views.publish');
  const id = before?.id ?? `V${lab.id(9).toUpperCase()}`;
  const stored = replaceView(lab, before ?? { id, user, view, hash: '', root: id, previous: null }, view);
  lab.world.homes.set(user, stored);
  return { view: viewJson(lab, stored) };
}

/** Who says which view they have seen is refused when it is another by now. */
function checkHash(lab: Lab, args: Args, stored: StoredView, method: string): void {
  const hash = text(args, 'hash');
  if (hash === null) lab.remark(`${method}: without hash, so that it may write over a newer view`);
  else if (hash !== stored.hash) throw new Refusal('hash_conflict');
}

export const VIEWS: Methods = {
  'views.open': { token: 'bot', scope: null, run: open },
  'views.push': { token: 'bot', scope: null, run: push },
  'views.update': { token: 'bot', scope: null, run: update },
  'views.publish': { token: 'bot', scope: null, run: publish },
};
