import type { OnStep, Step } from '../flows/schedule.ts';
import { printable } from '../report/printable.ts';
import type { Palette } from '../report/terminal/palette.ts';
import { paletteFor } from './colours.ts';
import type { Output } from './print.ts';

const frames = Array.from('⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏');
const frameMs = 120;
/** At most so many lines are redrawn, so that the block never outgrows a small terminal. */
const mostLines = 8;
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** The view of a run that goes on. `done` leaves the terminal as it was; it may be called again. */
export interface LiveView {
  onStep: OnStep;
  done: () => void;
}

type Ended = Extract<Step, { event: 'end' }>;

const milliseconds = (ms: number): string => (ms < 10_000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

function endedLine({ title, status, reason, durationMs }: Ended, palette: Palette): string {
  const mark = status === 'ok' ? palette.green('✓') : palette.red('✗');
  const why = status === 'ok' ? '' : ` ${printable(reason ?? 'error')}`;
  return `${mark} ${printable(title)} ${palette.dim(milliseconds(durationMs))}${why}`;
}

/** One line for each step as it ends. */
function plainView(stream: Output, palette: Palette): LiveView {
  return {
    onStep: (step) => {
      if (step.event === 'end') stream.write(`${endedLine(step, palette)}\n`);
    },
    done: () => undefined,
  };
}

/** A running step in a line that is never wider than the terminal: a wrapped line would not be taken back. */
const cutTo = (text: string, width: number): string => (text.length < width ? text : `${text.slice(0, Math.max(1, width - 2))}…`);

/** What the block says: steps that run, then as many of the last that ended as have room, and a count. */
function blockLines(
  running: ReadonlyMap<string, { title: string; since: number }>,
  ended: readonly Ended[],
  now: number,
  width: number,
  palette: Palette,
): string[] {
  const frame = frames[Math.floor(now / frameMs) % frames.length] ?? '';
  const active = [...running.values()]
    .slice(0, mostLines - 2)
    .map(
      ({ title, since }) =>
        `${palette.cyan(frame)} ${cutTo(printable(title), width - 12)} ${palette.dim(`${((now - since) / 1000).toFixed(1)} s`)}`,
    );
  const room = mostLines - 1 - active.length;
  const last = ended.slice(-room).map((step) => endedLine({ ...step, title: cutTo(step.title, width - 24) }, palette));
  const failed = ended.filter(({ status }) => status === 'failed').length;
  const left = running.size === 0 ? '' : `, ${running.size} running`;
  return [...last, ...active, palette.dim(cutTo(`${ended.length} done${failed === 0 ? '' : `, ${failed} of them failed`}${left}`, width))];
}

/** A block that is drawn again in its place. */
function blockView(stream: Output, palette: Palette, now: () => number): LiveView {
  const running = new Map<string, { title: string; since: number }>();
  const ended: Ended[] = [];
  let drawn = 0;
  let over = false;
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`);
  const draw = (): void => {
    const lines = blockLines(running, ended, now(), stream.columns ?? 80, palette);
    stream.write(`${hideCursor}${erase()}${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  const timer = setInterval(draw, frameMs);
  timer.unref();
  const done = (): void => {
    if (over) return;
    over = true;
    clearInterval(timer);
    process.off('exit', done);
    stream.write(`${erase()}${showCursor}`);
  };
  // a second Ctrl-C ends the process without a word to us
  process.on('exit', done);
  const onStep: OnStep = (step) => {
    if (over) return;
    if (step.event === 'start') running.set(step.id, { title: step.title, since: now() });
    else {
      running.delete(step.id);
      ended.push(step);
    }
    draw();
  };
  return { onStep, done };
}

/**
 * Shows the steps of a run: on a terminal a block that is redrawn in place, else a line for each step that ends. With `quiet` (the report is
 * for a program) nothing is said where there is no terminal, and plain lines where there is one.
 */
export function liveView(stream: Output, quiet: boolean, now: () => number = Date.now): LiveView {
  const palette = paletteFor(stream);
  if (quiet && stream.isTTY !== true) return { onStep: () => undefined, done: () => undefined };
  const redrawn = !quiet && stream.isTTY === true && process.env['TERM'] !== 'dumb';
  return redrawn ? blockView(stream, palette, now) : plainView(stream, palette);
}
