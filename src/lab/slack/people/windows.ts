import { deliver, type Told } from '../delivery/deliver.ts';
import { Failure } from '../../../base/failure.ts';
import type { Lab } from '../lab.ts';
import { directMessages } from '../methods/access.ts';
import { asText, isObject } from '../methods/arguments.ts';
import { checkedView, pushView, replaceView, viewJson } from '../methods/views.ts';
import { Refusal } from '../world/refusal.ts';
import { newTrigger } from '../world/triggers.ts';
import type { Json, StoredView } from '../world/world.ts';
import { actionOf, chosen, elementsOf, pressed } from './elements.ts';
import { eventPayload, interaction } from './payloads.ts';
import { actor, type Acted, type Manner } from './people.ts';

/** `errors`: what the app says is wrong with the form, by block_id. Null: nothing. */
export interface Submitted extends Acted {
  errors: Record<string, string> | null;
}

const TROUBLE = 'We had some trouble connecting. Try again?';

const told = (result: Told, triggerId: string | null): Acted => ({
  ...result,
  shown: result.acked ? null : TROUBLE,
  ts: null,
  triggerId,
  responseUrl: null,
});

/** Somebody fills in the modal that they have open, and sends it. `values`: by block_id or action_id. */
export async function submit(lab: Lab, userId: string, viewId: string, values: Json, manner: Manner = {}): Promise<Submitted> {
  const user = actor(lab, userId, manner.force);
  const stored = topmost(lab, userId, viewId);
  const triggerId = newTrigger(lab.world, userId, stored.id);
  const sent = viewJson(lab, stored, { values: filledIn(stored.view, values) });
  const view = manner.forge?.metadata === undefined ? sent : { ...sent, private_metadata: manner.forge.metadata };
  const payload = { ...interaction(lab, 'view_submission', user), trigger_id: triggerId, view, response_urls: [] };
  const result = await deliver(lab, 'interactive', `view_submission ${asText(stored.view['callback_id'] ?? '')}`, payload);
  const errors = result.acked ? afterSubmit(lab, stored, result.response) : null;
  return { ...told(result, triggerId), errors };
}

function topmost(lab: Lab, userId: string, viewId: string): StoredView {
  const stored = lab.world.views.get(viewId);
  if (stored === undefined || lab.world.stacks.get(userId)?.at(-1) !== viewId) {
    throw new Failure('missing', `${userId} does not have the modal ${viewId} before them`);
  }
  return stored;
}

/** The state of a form. As a client does, it lets no form go in which something needed is missing. */
function filledIn(view: Json, values: Json): Json {
  const state: Record<string, Json> = {};
  for (const { block, element } of elementsOf(Array.isArray(view['blocks']) ? (view['blocks'] as unknown[]) : [])) {
    const blockId = asText(block['block_id']);
    const actionId = asText(element['action_id']);
    if (element['type'] === 'button') continue;
    const entry = chosen(element, values[blockId] ?? values[actionId]);
    const empty = Object.entries(entry).every(([key, value]) => key === 'type' || isEmpty(value));
    if (empty && block['type'] === 'input' && block['optional'] !== true) {
      throw new Failure('missing', `the field ${blockId} must be filled in`);
    }
    state[blockId] = { ...state[blockId], [actionId]: entry };
  }
  return state;
}

const isEmpty = (value: unknown): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Does what the app answers to a form; what it says is wrong is given back. */
function afterSubmit(lab: Lab, stored: StoredView, response: unknown): Record<string, string> | null {
  const stack = lab.world.stacks.get(stored.user) ?? [];
  const action = isObject(response) ? response['response_action'] : undefined;
  if (isObject(response) && action === 'errors') return response['errors'] as Record<string, string>;
  try {
    if (isObject(response) && action === 'update') replaceView(lab, stored, checkedView(lab, response['view'], 'modal', stored));
    else if (isObject(response) && action === 'push') pushView(lab, stored.user, checkedView(lab, response['view'], 'modal'), stack);
    else closeViews(lab, stored.user, action === 'clear' ? stack : [stored.id]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    lab.remark(`acknowledgement of a form: ${error.code} ${JSON.stringify(error.more)}`);
  }
  return null;
}

function closeViews(lab: Lab, user: string, ids: readonly string[]): void {
  for (const id of ids) lab.world.views.delete(id);
  lab.world.stacks.set(
    user,
    (lab.world.stacks.get(user) ?? []).filter((id) => !ids.includes(id)),
  );
  lab.changed();
}

/** Somebody closes a modal. The app hears of it when it asked to. */
export async function closeModal(lab: Lab, userId: string, viewId: string): Promise<Acted | null> {
  const stored = topmost(lab, userId, viewId);
  const cleared = stored.view['clear_on_close'] === true;
  closeViews(lab, userId, cleared ? (lab.world.stacks.get(userId) ?? []) : [viewId]);
  if (stored.view['notify_on_close'] !== true) return null;
  const payload = { ...interaction(lab, 'view_closed', actor(lab, userId)), view: viewJson(lab, stored), is_cleared: cleared };
  return told(await deliver(lab, 'interactive', 'view_closed', payload), null);
}

/** Somebody presses something in a modal, or on their Home tab (`home`). */
export async function clickInView(
  lab: Lab,
  userId: string,
  viewId: string,
  actionId: string,
  value?: unknown,
  manner: Manner = {},
): Promise<Acted> {
  const user = actor(lab, userId, manner.force);
  const stored = viewId === 'home' ? lab.world.homes.get(userId) : topmost(lab, userId, viewId);
  if (stored === undefined) throw new Failure('missing', `${userId} has no Home tab of this app`);
  const blocks = Array.isArray(stored.view['blocks']) ? (stored.view['blocks'] as unknown[]) : [];
  const placed = pressed(blocks, actionId, value);
  const triggerId = newTrigger(lab.world, userId, viewId === 'home' ? null : stored.id);
  const payload = {
    ...interaction(lab, 'block_actions', user),
    trigger_id: triggerId,
    container: { type: 'view', view_id: stored.id },
    view: viewJson(lab, stored),
    actions: [actionOf(lab.world, placed, value)],
  };
  return told(await deliver(lab, 'interactive', `block_actions ${actionId}`, payload), triggerId);
}

/** Somebody looks at the app's Home tab. */
export async function openHome(lab: Lab, userId: string, manner: Manner = {}): Promise<Acted> {
  const user = actor(lab, userId, manner.force);
  const channel = directMessages(lab.world, userId);
  const before = lab.world.homes.get(userId);
  const event = {
    type: 'app_home_opened',
    user: user.id,
    channel: channel.id,
    tab: 'home',
    ...(before ? { view: viewJson(lab, before) } : {}),
  };
  return told(await deliver(lab, 'events_api', 'app_home_opened', eventPayload(lab, event, channel)), null);
}
