import type { Json, Message } from '../../../src/lab/slack/world/world.ts';

const at = Date.UTC(2026, 10, 23, 10, 42, 6) / 1_000;

/** A message of the bot in #incidents, so many seconds after 10:42:06. */
export const message = (second: number, more: Partial<Message> = {}): Message => ({
  ts: `${at + second}.000100`,
  channel: 'C0INCIDENTS',
  user: 'U0MEDIC',
  text: '',
  blocks: null,
  metadata: null,
  threadTs: null,
  broadcast: false,
  edits: 0,
  editedAt: null,
  onlyFor: null,
  tombstone: false,
  reactions: [],
  files: [],
  ...more,
});

/** The same, edited so many seconds after 10:42:06. */
export const edited = (before: Message, second: number, more: Partial<Message>): Message => ({
  ...before,
  edits: before.edits + 1,
  editedAt: (at + second) * 1_000,
  ...more,
});

export const section = (text: string): Json => ({ type: 'section', text: { type: 'plain_text', text } });

export const cancel: Json = {
  type: 'actions',
  elements: [{ type: 'button', action_id: 'dns_cancel', value: '6ea0b24ea9', text: { type: 'plain_text', text: 'Cancel' } }],
};

/** A plan with steps in these states. */
export const plan = (title: string, ...states: string[]): Json => ({
  type: 'plan',
  title,
  tasks: states.map((status, index) => ({ task_id: `step-${index}`, title: `Step ${index + 1}`, status })),
});

/** Marks a message as the bot does: run, place and slot. */
export const marked = (run: string, slot: string): Json => ({
  event_type: 'dns_medic_message',
  event_payload: { key: `${run}/C0INCIDENTS/${slot}` },
});
