import type { ButtonAction, RespondFn } from '@slack/bolt';
import { offerForm } from '../answers/form.ts';
import { cancel } from '../answers/runs.ts';
import { pressedOrder } from '../changes/press.ts';
import { notActive } from '../changes/known.ts';
import { RunId } from '../../domain/run.ts';
import { CANCEL_RUN } from '../../report/slack/thread/cancel-button.ts';
import { OPEN_FORM } from '../../report/slack/views/fields.ts';
import type { Counter } from '../counter.ts';
import { placeFromMetadata } from '../metadata.ts';
import { type Answer, serve } from '../serve.ts';
import { type Situation, situate } from '../situation.ts';
import { byEphemeral, byResponse, inTurn, type Tell } from '../tell.ts';
import { inWindow } from '../window.ts';
import { acknowledge, type Arrived } from './acknowledge.ts';

interface PressArrived extends Arrived {
  action: { action_id: string } & Partial<Pick<ButtonAction, 'value' | 'url'>>;
  body: {
    trigger_id: string;
    user: { id: string; team_id?: string };
    channel?: { id: string };
    message?: { ts: string; blocks?: readonly { elements?: readonly object[] }[] };
    container: { type?: string; thread_ts?: string };
    view?: { type: string; private_metadata: string };
  };
  ack: () => Promise<void>;
  respond: RespondFn;
}

type Spot = Situation['place'];

/** Where it was pressed: in a message, or on a Home tab, which carries the direct messages with the bot. */
function spotOf({ channel, container, view }: PressArrived['body']): Spot | null {
  if (channel !== undefined) return { channel: channel.id, thread: container.thread_ts ?? null };
  return view === undefined ? null : placeFromMetadata(view.private_metadata);
}

/** A link tells of being pressed too, though there is nothing to do. Not every payload says that it is one, so its message is looked at. */
const isLink = ({ action, body }: PressArrived): boolean =>
  action.url !== undefined ||
  (body.message?.blocks ?? [])
    .flatMap(({ elements = [] }) => elements)
    .some((element) => 'url' in element && 'action_id' in element && element.action_id === action.action_id);

/** Looks up who presses it, and where. `fresh`: as Slack says now. */
type Look = (fresh: boolean) => Promise<Situation>;

function work(counter: Counter, { action, body }: PressArrived, look: Look, tell: Tell): Answer | Promise<Answer> {
  const { action_id: id, value } = action;
  const opener = { kind: 'button', trigger: body.trigger_id, otherwise: tell } as const;
  if (id === OPEN_FORM) return inWindow(counter, opener, async (view) => offerForm(counter, await look(false), view));
  const ofOrder = pressedOrder(counter, { action: id, value, situation: () => look(true), opener });
  if (ofOrder !== null) return ofOrder;
  const run = RunId.safeParse(value);
  if (id !== CANCEL_RUN || !run.success) return notActive;
  return look(false).then((situation) => cancel(counter, situation, run.data));
}

const nowhere: Tell = () => Promise.reject(new Error('pressed at no place'));

/** Hears buttons. Whoever sees one can press it, so everything is asked again; links and fields of forms need no answer. */
export const onPress =
  (counter: Counter) =>
  async (arrived: PressArrived): Promise<void> => {
    const { body, ack, respond, context } = arrived;
    const ackMs = await acknowledge(counter, { context }, ack);
    const isField = body.container.type === 'view' && body.view?.type !== 'home';
    if (isField || isLink(arrived)) return;
    const spot = spotOf(body);
    const asker = { user: body.user.id, team: body.user.team_id ?? null, isBot: false };
    const ephemeral = spot === null ? nowhere : byEphemeral(counter.telling, { ...spot, user: asker.user });
    const tell = inTurn(ephemeral, body.channel === undefined ? nowhere : byResponse(respond));
    await serve(counter, { kind: 'button', key: body.trigger_id, ackMs, tell }, () => {
      if (spot === null) return notActive;
      const look: Look = (fresh) => situate(counter, asker, { place: spot, calledAs: counter.commandName, fresh });
      return work(counter, arrived, look, tell);
    });
  };
