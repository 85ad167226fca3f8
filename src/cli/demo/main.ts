import { UsageError } from '../../base/failure.ts';
import { paletteFor } from '../colours.ts';
import { usage } from '../exit-status.ts';
import { DEMO_HELP, type DemoOptions, demoOptions } from './options.ts';
import { follow, playOn, playOnce } from './play.ts';
import { type Scenery, sceneryFor } from './scenery.ts';
import { setStage, type Stage } from './stage.ts';
import { createTerminal, harmless, type Terminal } from './terminal.ts';

/** The demo, `npm run demo`: see DEMO_HELP. */

const interrupted = 130;
/** A shell and npm both pass on one Ctrl-C. */
const sameKeyMs = 1_000;

interface Interruption {
  signal: AbortSignal;
  interrupt: () => void;
}

/** Ends what goes on at Ctrl-C and its like; pressed again, at once. */
function interruption(): Interruption {
  const controller = new AbortController();
  let first = 0;
  const interrupt = (): void => {
    if (controller.signal.aborted && Date.now() - first > sameKeyMs) process.exit(interrupted);
    first ||= Date.now();
    controller.abort(new Error('interrupted'));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  // a reader that goes away (`| head`) is no error
  process.stdout.on('error', interrupt);
  return { signal: controller.signal, interrupt };
}

/** Bot and worker end with the demo: nothing of it is worth to be waited for. */
const env = { STOP_SECONDS: '0' };

const introduction = ({ once }: DemoOptions, { about, clusters }: Scenery, { slack }: Stage, ms: number): string[] => [
  `All is up after ${(ms / 1_000).toFixed(1)} s. Slack is at ${slack.url} (/lab/text?channel=C0INCIDENTS: a channel as text, /lab/state: all as JSON).`,
  ...(clusters.kind === 'recorded' ? ['Its clusters are recorded: each answers as a real one did, in the time that it took.'] : []),
  ...(once ? [] : ['', ...about.map((line) => `  ${line}`), '', 'Type help for what can be typed here; quit or Ctrl-C ends all.']),
];

async function play(options: DemoOptions, scenery: Scenery, terminal: Terminal, { signal, interrupt }: Interruption): Promise<number> {
  const began = Date.now();
  const stage = await setStage({ config: scenery.config, clusters: scenery.clusters, env });
  try {
    signal.throwIfAborted();
    await untilAborted(signal, Promise.all([stage.startBot(), stage.startWorker()]));
    terminal.say(introduction(options, scenery, stage, Date.now() - began).map((text) => ({ quiet: true, text })));
    const show = { stage, terminal, command: scenery.command, signal };
    await Promise.race([follow(stage, terminal, signal), options.once ? playOnce(show) : playOn(show, interrupt)]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    terminal.say([{ quiet: true, text: 'Ending what was started.' }]);
    await stage.close();
  }
  return signal.aborted && options.once ? interrupted : 0;
}

const untilAborted = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return Promise.race([work, promise]);
};

async function demo(args: readonly string[]): Promise<number> {
  const options = demoOptions(args, process.env['INIT_CWD'] ?? process.cwd());
  if (options.help) {
    process.stdout.write(DEMO_HELP);
    return 0;
  }
  const scenery = await sceneryFor(options, process.env);
  // before a word is said: whoever reads it may press Ctrl-C
  const ending = interruption();
  const terminal = createTerminal(process.stdout, paletteFor(process.stdout));
  terminal.say([{ quiet: true, text: 'Starting a look-alike of Slack, and Redis, the bot and a worker as processes of their own.' }]);
  return play(options, scenery, terminal, ending);
}

try {
  process.exit(await demo(process.argv.slice(2)));
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  process.stderr.write(`demo: ${words.split('\n').map(harmless).join('\n')}\n`);
  process.exit(error instanceof UsageError ? usage : 1);
}
