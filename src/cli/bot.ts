import { Command } from 'commander';
import { readBotSettings, readWorkerSettings } from '../config/environment.ts';
import { configFor } from './options.ts';

interface ConfigOption {
  config?: string;
}

const withConfig = (command: Command): Command =>
  command.option('--config <file>', 'clusters and policy (default: $DNS_MEDIC_CONFIG, ./dns-medic.yaml)');

/** Ends the process with this status: what lingers of a package's timers and sockets is not waited for. */
const endWith = (status: number): never => process.exit(status);

// Bolt and BullMQ take half a second to load: only these commands wait for them.
const botParts = () => Promise.all([import('./process/running.ts'), import('./process/run-bot.ts')]);
const workerParts = () => Promise.all([import('./process/running.ts'), import('./process/run-worker.ts'), import('./process/perform.ts')]);

const bot = withConfig(new Command('bot'))
  .description('the bot in Slack: hears commands, keeps threads true (settings: .env.example)')
  .action(async (options: ConfigOption) => {
    const settings = readBotSettings(process.env);
    const config = configFor(options);
    const [{ runProcess }, { runBot }] = await botParts();
    endWith(await runProcess('bot', settings, [(around) => runBot(settings, config, around)]));
  });

const worker = withConfig(new Command('worker'))
  .description('the worker: takes runs from the queue and performs them on its clusters (settings: .env.example)')
  .action(async (options: ConfigOption) => {
    const settings = readWorkerSettings(process.env);
    const config = configFor(options);
    const [{ runProcess }, { runWorker }, { realEngine }] = await workerParts();
    endWith(await runProcess('worker', settings, [(around) => runWorker(settings, config, realEngine, around)]));
  });

const start = withConfig(new Command('start'))
  .description('bot and worker in one process, for small teams')
  .action(async (options: ConfigOption) => {
    const [forBot, forWorker] = [readBotSettings(process.env), readWorkerSettings(process.env)];
    const config = configFor(options);
    const [[{ runProcess }, { runBot }], [, { runWorker }, { realEngine }]] = await Promise.all([botParts(), workerParts()]);
    const status = await runProcess('start', forBot, [
      (around) => runWorker(forWorker, config, realEngine, around),
      (around) => runBot(forBot, config, around),
    ]);
    endWith(status);
  });

/** The commands that stay: each is a process of the service. */
export const processes: readonly Command[] = [bot, worker, start];
