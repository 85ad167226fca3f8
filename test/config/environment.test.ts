import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readBotSettings, readWorkerSettings } from '../../src/config/environment.ts';
import { forBot, forTerminal, forThreads, forWorker, shared } from '../../src/config/variables.ts';

const root = new URL('../../', import.meta.url);
const secret = 'a'.repeat(64);
const common = { REDIS_URL: 'redis://127.0.0.1:6379', ORDER_SECRET: secret };
const socket = { ...common, SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_APP_TOKEN: 'xapp-1-abc' };

const messageOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

describe('.env.example', () => {
  const lines = readFileSync(new URL('.env.example', root), 'utf8').split('\n');
  const variables = Object.values({ ...shared, ...forBot, ...forThreads, ...forWorker, ...forTerminal });

  test('names every variable once, with its usual value and what it is', () => {
    const wanted = variables.map(({ name, usual }) => `${name}=${usual}`);
    expect(lines.filter((line) => /^[A-Z]/.test(line)).toSorted()).toEqual(wanted.toSorted());
    for (const { name, about } of variables) {
      const at = lines.findIndex((line) => line.startsWith(`${name}=`));
      expect(lines[at - 1]).toContain(about);
    }
  });

  test('names every variable that the sources read', () => {
    const sources = ['src/cli/main.ts', 'src/cli/colours.ts', 'src/cli/live-view.ts', 'src/config/find.ts'].map((file) =>
      readFileSync(new URL(file, root), 'utf8'),
    );
    const read = sources.flatMap((text) => [...text.matchAll(/env\['([A-Z0-9_]+)'\]/g)].map(([, name = '']) => name));
    const usual = ['TERM', 'HOME'];
    expect(read.filter((name) => !usual.includes(name) && !variables.some((variable) => variable.name === name))).toEqual([]);
  });
});

describe('the settings of the bot', () => {
  test('are read with their usual values', () => {
    expect(readBotSettings(socket)).toMatchObject({
      mode: { kind: 'socket', appToken: 'xapp-1-abc' },
      apiUrl: 'https://slack.com/api/',
      command: '/dns',
      keepSeconds: 7 * 86_400,
      healthPort: 8080,
      orderSecrets: [secret],
    });
  });

  test('take the signing secret in place of the app token over HTTP', () => {
    const env = { ...common, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_MODE: 'http', SLACK_SIGNING_SECRET: 'f'.repeat(32), HTTP_PORT: '0' };
    expect(readBotSettings(env).mode).toEqual({ kind: 'http', signingSecret: 'f'.repeat(32), port: 0 });
  });

  test('list all that is missing or wrong at once, and show no secret', () => {
    const message = messageOf(() =>
      readBotSettings({
        REDIS_URL: 'http://user:hunter2@redis',
        ORDER_SECRET: 'short-secret',
        SLACK_BOT_TOKEN: 'xapp-wrong',
        SLACK_COMMAND: 'dns',
        HEALTH_PORT: '70000',
      }),
    );
    for (const name of ['REDIS_URL', 'ORDER_SECRET', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_COMMAND', 'HEALTH_PORT'])
      expect(message).toContain(`  ${name}: `);
    for (const value of ['hunter2', 'short-secret', 'xapp-wrong']) expect(message).not.toContain(value);
    expect(message).toContain('"70000"');
  });

  test('read a secret from the file that NAME_FILE names, and say which file cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'env-'));
    writeFileSync(join(folder, 'token'), 'xoxb-from-file\n');
    const { SLACK_BOT_TOKEN: _, ...without } = socket;
    expect(readBotSettings({ ...without, SLACK_BOT_TOKEN_FILE: join(folder, 'token') }).botToken).toBe('xoxb-from-file');
    expect(messageOf(() => readBotSettings({ ...without, SLACK_BOT_TOKEN_FILE: join(folder, 'gone') }))).toContain('SLACK_BOT_TOKEN_FILE');
  });

  test('end the address of the API in one slash', () => {
    expect(readBotSettings({ ...socket, SLACK_API_URL: 'http://127.0.0.1:9/api' }).apiUrl).toBe('http://127.0.0.1:9/api/');
  });
});

describe('the settings of the worker', () => {
  test('need no token of Slack', () => {
    expect(readWorkerSettings(common)).toMatchObject({ clusters: null, concurrency: 2 });
  });

  test('name the clusters that it serves', () => {
    expect(readWorkerSettings({ ...common, WORKER_CLUSTERS: 'a, b' }).clusters).toEqual(['a', 'b']);
  });

  test('accept the secret of before beside the new one', () => {
    expect(readWorkerSettings({ ...common, ORDER_SECRET_BEFORE: 'b'.repeat(32) }).orderSecrets).toEqual([secret, 'b'.repeat(32)]);
  });

  test.each(['0', '21', '1.5', '-1', 'two'])('refuse %s runs at once', (WORKER_CONCURRENCY) => {
    expect(messageOf(() => readWorkerSettings({ ...common, WORKER_CONCURRENCY }))).toContain('WORKER_CONCURRENCY');
  });
});
