import { readFileSync } from 'node:fs';
import { UsageError } from '../base/failure.ts';
import { forBot, forThreads, forWorker, shared, type Variable } from './variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of every process that works with Redis. Times in milliseconds, keeping in seconds. */
export interface SharedSettings {
  redisUrl: string;
  prefix: string;
  /** The first signs; all are accepted. */
  orderSecrets: readonly string[];
  healthPort: number;
  logLevel: string;
  keepSeconds: number;
  stopMs: number;
}

export interface BotSettings extends SharedSettings {
  botToken: string;
  mode: { kind: 'socket'; appToken: string } | { kind: 'http'; signingSecret: string; port: number };
  /** Ends in a slash. */
  apiUrl: string;
  command: string;
  /** How many messages a minute in a channel, and how many edits in all. */
  postsPerMinute: number;
  editsPerMinute: number;
}

export interface WorkerSettings extends SharedSettings {
  /** Null: all clusters of the configuration. */
  clusters: readonly string[] | null;
  concurrency: number;
}

const largestFile = 4_096;

/** Reads variables one by one and gathers what is wrong, so that all of it is said at once. */
class Reader {
  readonly problems: string[] = [];
  private readonly env: Environment;
  constructor(env: Environment) {
    this.env = env;
  }

  private fromFile(name: string): string | undefined {
    const file = this.env[`${name}_FILE`];
    if (!file) return undefined;
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (text.length > largestFile) throw new Error('too large');
      return text;
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      this.problems.push(`${name}_FILE: ${file}: cannot be read (${why})`);
      return undefined;
    }
  }

  /** The value, or its usual one; '' where there is none. */
  get(variable: Variable): string {
    const { name, usual, secret } = variable;
    const value = this.env[name] || (secret ? this.fromFile(name) : undefined);
    if (value === undefined) return usual;
    const wrong = variable.problem(value);
    if (wrong !== null) this.problems.push(`${name}: ${secret ? '(not shown)' : JSON.stringify(value.slice(0, 80))}: ${wrong}`);
    return value;
  }

  need(variable: Variable): string {
    const before = this.problems.length;
    const value = this.get(variable);
    if (value === '' && this.problems.length === before) {
      const file = variable.secret ? ` (or ${variable.name}_FILE, the file that holds it)` : '';
      this.problems.push(`${variable.name}: not set${file}: ${variable.about}`);
    }
    return value;
  }

  done<T>(settings: T): T {
    if (this.problems.length > 0)
      throw new UsageError(`the environment is not complete (see .env.example):\n  ${this.problems.join('\n  ')}`);
    return settings;
  }
}

function readShared(reader: Reader): SharedSettings {
  const before = reader.get(shared.orderSecretBefore);
  return {
    redisUrl: reader.need(shared.redis),
    prefix: reader.get(shared.prefix),
    orderSecrets: [reader.need(shared.orderSecret), ...(before === '' ? [] : [before])],
    healthPort: Number(reader.get(shared.healthPort)),
    logLevel: reader.get(shared.logLevel),
    keepSeconds: Number(reader.get(shared.keepDays)) * 86_400,
    stopMs: Number(reader.get(shared.stopSeconds)) * 1_000,
  };
}

/** Where Redis is, for whoever needs nothing else of it. Throws a UsageError. */
export function readRedisSettings(env: Environment): Pick<SharedSettings, 'redisUrl' | 'prefix'> {
  const reader = new Reader(env);
  return reader.done({ redisUrl: reader.need(shared.redis), prefix: reader.get(shared.prefix) });
}

function modeOf(reader: Reader): BotSettings['mode'] {
  if (reader.get(forBot.mode) !== 'http') return { kind: 'socket', appToken: reader.need(forBot.appToken) };
  return { kind: 'http', signingSecret: reader.need(forBot.signingSecret), port: Number(reader.get(forBot.httpPort)) };
}

/** The bot's settings. Throws a UsageError that lists all that is missing or wrong; values of secrets are not in it. */
export function readBotSettings(env: Environment): BotSettings {
  const reader = new Reader(env);
  const settings = {
    ...readShared(reader),
    botToken: reader.need(forBot.botToken),
    mode: modeOf(reader),
    apiUrl: reader.get(forBot.apiUrl).replace(/\/*$/, '/'),
    command: reader.get(forBot.command),
    postsPerMinute: Number(reader.get(forThreads.posts)),
    editsPerMinute: Number(reader.get(forThreads.edits)),
  };
  return reader.done(settings);
}

/** The worker's settings. Throws a UsageError that lists all that is missing or wrong; values of secrets are not in it. */
export function readWorkerSettings(env: Environment): WorkerSettings {
  const reader = new Reader(env);
  const clusters = reader.get(forWorker.clusters);
  const settings = {
    ...readShared(reader),
    clusters: clusters === '' ? null : clusters.split(',').map((name) => name.trim()),
    concurrency: Number(reader.get(forWorker.concurrency)),
  };
  return reader.done(settings);
}
