import { stat } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { AuditHead, type Verified } from '../audit/chain.ts';
import { openAuditFile } from '../audit/file.ts';
import type { AuditLog } from '../audit/log.ts';
import { openAudit } from '../audit/redis.ts';
import { UsageError } from '../base/failure.ts';
import { readRedisSettings } from '../config/environment.ts';
import { connectRedis, endRedis } from '../queue/connect.ts';
import { auditText } from '../report/terminal/audit.ts';
import { paletteFor } from './colours.ts';
import { auditPath } from './local/terminal.ts';
import { jsonText, widthOf } from './print.ts';

interface AuditOptions {
  file?: string;
  redis?: string | true;
  known?: AuditHead;
  json?: boolean;
  text?: boolean;
}

/** A chain is not whole. */
const BROKEN = 1;
const PAGE = 500;

const knownHead = (value: string): AuditHead => {
  const [, seq = '', hash = ''] = /^(\d+):([0-9a-f]{64})$/.exec(value) ?? [];
  const head = AuditHead.safeParse({ seq: Number(seq), hash });
  if (head.success) return head.data;
  throw new InvalidArgumentError('expected LINE:HASH, as verify prints it');
};

async function fileThere(file: string): Promise<string> {
  const isThere = await stat(file).then(
    (info) => info.isFile(),
    () => false,
  );
  if (!isThere) throw new UsageError(`--file: ${file} is not there`);
  return file;
}

/** The chain that is meant: of a file, of Redis, or (nothing said) of this machine's terminal. */
async function withChain<T>({ file, redis }: AuditOptions, use: (audit: AuditLog, of: string) => Promise<T>): Promise<T> {
  if (redis === undefined) {
    const path = file === undefined ? auditPath() : await fileThere(file);
    return use(openAuditFile({ path }), path);
  }
  if (file !== undefined) throw new UsageError('--file and --redis are two chains: name one');
  const env = redis === true ? process.env : { ...process.env, REDIS_URL: redis };
  const { redisUrl, prefix } = readRedisSettings(env);
  const { promise: trouble, reject } = Promise.withResolvers<never>();
  const client = connectRedis(redisUrl, 'blocking', reject);
  try {
    // the first trouble ends it: whoever waits at a terminal can say it again
    return await Promise.race([trouble, use(openAudit({ redis: client, prefix }), `Redis (${prefix})`)]);
  } finally {
    endRedis(client);
  }
}

function saidOf(verified: Verified, of: string): string {
  if (!verified.ok) return `NOT WHOLE  ${of}\n${verified.says}.\nWhat stands before line ${verified.at} is as it was written.\n`;
  const { head, lines, restarts } = verified;
  if (head === null) return `EMPTY  ${of}\nNothing has been written.\n`;
  const lost = restarts.map(({ seq }) => `Lines up to ${seq} were lost; the chain says so itself.\n`);
  return `WHOLE  ${of}\n${lines} lines, each as it was written.\n${lost.join('')}Its end, to note elsewhere: ${head.seq}:${head.hash}\n`;
}

async function verify(options: AuditOptions): Promise<void> {
  await withChain(options, async (audit, of) => {
    const verified = await audit.verify(options.known ?? null);
    process.stdout.write(options.json === true ? `${jsonText({ schema: 'dns-medic/audit/v1', ...verified })}\n` : saidOf(verified, of));
    process.exitCode = verified.ok ? 0 : BROKEN;
  });
}

async function exportLines(options: AuditOptions): Promise<void> {
  const style = { width: widthOf(process.stdout), palette: paletteFor(process.stdout) };
  await withChain(options, async (audit) => {
    for (let from = 1; ;) {
      const lines = await audit.read(from, PAGE);
      const last = lines.at(-1);
      if (last === undefined) return;
      process.stdout.write(options.text === true ? auditText(lines, style) : lines.map((line) => `${jsonText(line)}\n`).join(''));
      from = last.seq + 1;
    }
  });
}

const withSource = (command: Command): Command =>
  command
    .option('--file <file>', "another file (default: this machine's terminal)")
    .option('--redis [url]', 'that of bot and worker (default: $REDIS_URL or the file $REDIS_URL_FILE, and $REDIS_PREFIX)');

export const audit = new Command('audit')
  .description('the record of who changed what: whether it is whole, and all of it')
  .addCommand(
    withSource(new Command('verify'))
      .description('say whether any line was changed, taken out or put in')
      .option('--known <line:hash>', 'an end that was noted before and must still be in it', knownHead)
      .option('--json', 'print the answer as one JSON document')
      .action(verify),
  )
  .addCommand(
    withSource(new Command('export'))
      .description('print all lines, each a JSON document as it was written')
      .option('--text', 'for people')
      .action(exportLines),
  );
