import type { CaptureReport } from '../../domain/capture.ts';
import type { Acted, ActContext, Capturing } from '../remedy.ts';
import type { SentQuery } from './analysis.ts';
import { beginAll, type Running } from './begin.ts';
import { amount, endAll, readAll } from './collect.ts';
import type { CaptureData } from './data.ts';
import type { Left } from './places.ts';
import { type Scene, setScene } from './scene.ts';
import { sendAll } from './send.ts';
import { verdictSentence } from './verdict-sentence.ts';

/** After the last query so long, for answers that are late. A query of the last two seconds of a capture is not judged; clocks are read in seconds. */
const LATE_MS = 3_500;
const LOOK_MS = 250;

/** A step of the story, told while it goes on. `end`: what it came to. */
async function step<T>(
  context: ActContext,
  id: string,
  title: string,
  work: () => Promise<T>,
  trouble: (came: T) => string | null,
): Promise<T> {
  const began = context.now();
  const say = (state: 'running' | 'ok' | 'failed', reason: string | null, durationMs: number | null): void =>
    context.say({ id, title, state, reason, durationMs });
  say('running', null, null);
  try {
    const came = await work();
    const reason = trouble(came);
    say(reason === null ? 'ok' : 'failed', reason, context.now() - began);
    return came;
  } catch (error) {
    say('failed', error instanceof Error ? error.message : String(error), context.now() - began);
    throw error;
  }
}

const whole = (failed: readonly Left[]): string | null =>
  failed.length === 0
    ? null
    : failed
        .map(({ label, why }) => `${label}: ${why}`)
        .join('; ')
        .slice(0, 600);

const isOver = ({ stopping, now }: ActContext, end: number): boolean => stopping.aborted || now() >= end;

/** Waits for the end of the capture, and in any case until the last answers must have come. */
async function untilOver(context: ActContext, data: CaptureData, { forMs }: Running, began: number, sentAt: number): Promise<void> {
  const end = Math.max(began - forMs + data.seconds * 1_000, sentAt + LATE_MS);
  while (!isOver(context, end)) await context.pause(Math.min(LOOK_MS, Math.max(1, end - context.now())));
}

function refused(says: string, next: string[] = []): Acted {
  return { outcome: 'refused', says, next, undoable: false };
}

/** Nothing could be captured: why, point by point. */
const nothing = (failed: readonly Left[]): Acted => ({
  outcome: 'failed',
  says: `nothing could be captured: ${whole(failed) ?? 'no point is left'}`,
  next: [],
  undoable: false,
});

function analysisOf({ analyse }: Capturing, data: CaptureData, { points, upstreams }: Running) {
  const { clusterIps, endpoints, ports, zone } = data;
  const own = points.flatMap(({ point }) => point.addresses.map((address) => [address, { label: point.label, node: point.node }] as const));
  return analyse({
    ...{ clusterIps, endpoints, ports, zone },
    upstreams: [...new Set([...data.upstreams, ...upstreams])],
    places: { ...data.places, ...Object.fromEntries(own) },
  });
}

function concluded({ stopping }: ActContext, report: CaptureReport, left: readonly Left[], sent: readonly SentQuery[]): Acted {
  const some = left.length === 0 ? '' : `. Nothing could be captured or sent at ${whole(left) ?? ''}`;
  const marks = sent.length === 0 ? '. No marked queries were sent: only what others asked was seen' : '';
  return {
    outcome: stopping.aborted ? 'stopped' : 'applied',
    says: `${verdictSentence(report)}${marks}${some}`.slice(0, 1_500),
    next: [],
    undoable: false,
    capture: report,
  };
}

/** From the first packet to the verdict. */
async function captured(context: ActContext, capturing: Capturing, data: CaptureData, scene: Scene): Promise<Acted> {
  const running = await step(
    context,
    'capture-begin',
    'Beginning to capture',
    () => beginAll(context, scene, data),
    ({ failed }) => whole(failed),
  );
  const failed = [...scene.failed, ...running.failed];
  if (running.points.length === 0) return nothing(failed);
  const began = context.now();
  const clients = context.stopping.aborted ? [] : scene.clients;
  const send = () => sendAll(context, data, clients);
  const sent = await step(context, 'capture-send', 'Sending marked queries', send, (came) => whole(came.failed));
  const title = `Capturing for ${data.seconds} s at ${running.points.length} points`;
  await step(
    context,
    'capture-wait',
    title,
    () => untilOver(context, data, running, began, context.now()),
    () => null,
  );
  const { ended, failed: unended } = await step(
    context,
    'capture-end',
    'Ending the captures',
    () => endAll(context, running.points),
    (came) => whole(came.failed),
  );
  if (ended.length === 0) return nothing([...failed, ...unended]);
  const analysis = analysisOf(capturing, data, running);
  const read = () => readAll(context, capturing, ended, analysis);
  const unread = await step(context, 'capture-read', `Reading ${amount(ended)}`, read, whole);
  if (unread.length === ended.length) return nothing([...failed, ...unended, ...unread]);
  return concluded(context, analysis.report(sent.queries), [...failed, ...sent.failed, ...unended, ...unread], sent.queries);
}

/**
 * Captures at all points, sends marked queries meanwhile, and says what the packets show. A point that fails is told, and the others go on. May be
 * called again after a worker died: what that one began goes on, and a capture that has ended is only read.
 */
export async function capturePackets(context: ActContext, data: CaptureData): Promise<Acted> {
  const { capturing } = context;
  if (capturing === undefined) return refused('packets cannot be captured from here');
  if (context.stopping.aborted)
    return { outcome: 'stopped', says: 'it was stopped before anything was captured', next: [], undoable: false };
  const set = () => setScene(context, capturing, data);
  const scene = await step(context, 'capture-pods', 'Starting what captures', set, ({ failed }) => whole(failed));
  return scene.points.length === 0 ? nothing(scene.failed) : captured(context, capturing, data, scene);
}
