import { collectors } from '../../collect/registry.ts';
import type { Bundle } from '../../domain/report.ts';
import type { Place, RunRecord, RunStep } from '../../domain/run.ts';
import { inOrder, isWanted } from '../../flows/schedule.ts';
import { threadText } from '../../lab/slack/render/conversation.ts';
import { labSeed } from '../../lab/slack/world/seed.ts';
import { asChannel, createWorld, type Json, type Message } from '../../lab/slack/world/world.ts';
import type { ThreadMessage } from '../../report/slack/message.ts';
import { threadOf } from '../../report/slack/thread.ts';
import { judge } from '../engine.ts';

/** When Ana asked, and how much later which message was posted; milliseconds. */
const askedAt = Date.UTC(2026, 10, 23, 10, 42, 6);
const startedAt = askedAt + 100;
const [cardAfter, planAfter, postEvery] = [300, 1_400, 1_100];

/** Where Ana asked. */
export const place: Place = { channel: 'C0INCIDENTS', thread: null, askers: ['U0ANA'] };

function stepsOf({ readings, run: { request } }: Bundle): RunStep[] {
  return inOrder(collectors.filter((collector) => isWanted(collector, request))).map(({ id, title }) => {
    const reading = readings[id];
    return {
      id,
      title,
      state: reading?.status ?? 'failed',
      reason: reading?.status === 'failed' ? reading.reason : null,
      durationMs: reading?.durationMs ?? null,
    };
  });
}

/** The run of a bundle as the bot keeps it when it is over, with the same id and times always. */
export function recordedRun(recorded: Bundle, cluster: string): RunRecord {
  const id = '6ea0b24ea9';
  const request = { ...recorded.run.request, cluster };
  const bundle = { ...recorded, run: { ...recorded.run, id, cluster, request } };
  return {
    id,
    kind: 'check',
    cluster,
    request,
    askedBy: 'U0ANA',
    createdAt: askedAt,
    places: [place],
    progress: {
      state: 'done',
      attempt: 1,
      startedAt,
      endedAt: startedAt + bundle.run.durationMs,
      steps: stepsOf(bundle),
      error: null,
      cancelledBy: null,
    },
    result: { kind: 'check', report: judge(bundle), readings: bundle.readings },
  };
}

/** When the messages of a thread are posted: card and plan while the run goes on, the rest one after the other when it is over. */
function postedAt(slot: string, at: number, { progress }: RunRecord): number {
  if (slot === 'card') return askedAt + cardAfter;
  if (slot === 'plan') return askedAt + planAfter;
  return Math.max(progress.endedAt ?? 0, askedAt + planAfter) + (at - 1) * postEvery;
}

const isEdited = (slot: string): boolean => slot === 'card' || slot === 'plan';

const tsOf = (ms: number): string => `${Math.floor(ms / 1_000)}.${String(ms % 1_000).padStart(3, '0')}000`;

/** A message as it stands in a thread. `at`: when it was posted, in milliseconds since 1970. */
export interface Standing {
  message: ThreadMessage;
  at: number;
  isEdited: boolean;
}

/** Messages in a thread below the first of them, as the look-alike shows them. */
export function standingText(standing: readonly Standing[]): string {
  const seed = labSeed();
  const world = createWorld(seed);
  const channel = asChannel({ ...seed.channels[0], id: place.channel } as Parameters<typeof asChannel>[0]);
  const head = tsOf(standing[0]?.at ?? 0);
  for (const { message, at, isEdited: edited } of standing) {
    const ts = tsOf(at);
    const shown: Message = {
      ts,
      channel: place.channel,
      user: seed.app.botUser,
      text: message.text,
      blocks: message.blocks as unknown as Json[],
      metadata: null,
      threadTs: ts === head ? null : head,
      broadcast: message.broadcast,
      edits: edited ? 1 : 0,
      editedAt: null,
      onlyFor: null,
      tombstone: false,
      reactions: [],
      files: [],
    };
    channel.messages.set(ts, shown);
  }
  return threadText(world, channel, head);
}

/** The thread of a recorded run as it stands when it is final, as the look-alike shows it. The same bundle gives the same text. */
export function recordedThread(bundle: Bundle, cluster: string): string {
  const record = recordedRun(bundle, cluster);
  const messages = threadOf(record, place, { workers: 1, now: askedAt });
  return standingText(
    messages.map((message, at) => ({ message, at: postedAt(message.slot, at, record), isEdited: isEdited(message.slot) })),
  );
}
