import { describe, expect, test } from '@jest/globals';
import { createLog, errorText, withoutSecrets } from '../../src/telemetry/log.ts';

describe('a line of the log', () => {
  test('is JSON with time, level, message and its fields', () => {
    const lines: string[] = [];
    createLog('info', { process: 'bot' }, (line) => lines.push(line)).info({ run: '0123456789' }, 'started');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', process: 'bot', run: '0123456789', msg: 'started' });
  });

  test('is left out below the level', () => {
    const lines: string[] = [];
    createLog('warn', {}, (line) => lines.push(line)).info({}, 'no');
    expect(lines).toEqual([]);
  });

  test('holds no secret, in fields or in the message', () => {
    const lines: string[] = [];
    const log = createLog('info', {}, (line) => lines.push(line));
    log.error(
      { error: 'An error with xoxb-12-34-abcDEF and https://hooks.slack.com/commands/T1/2/3' },
      'redis://user:hunter2@redis:6379 Bearer abc.def',
    );
    for (const secret of ['12-34', '/T1/2/3', 'hunter2', 'abc.def']) expect(lines.join()).not.toContain(secret);
  });
});

test.each([
  ['xapp-1-A1-22-ff', 'xox…'],
  ['rediss://:p%40ss@h:1/0', 'rediss://…@h:1/0'],
  ['Authorization: Bearer xyz', 'Authorization: Bearer …'],
  ['nothing here', 'nothing here'],
])('%s becomes %s', (text, left) => {
  expect(withoutSecrets(text)).toBe(left);
});

test('an error is told by name and message, cut where it is very long', () => {
  expect(errorText(new TypeError('no'))).toBe('TypeError: no');
  expect(errorText('x'.repeat(9_999)).length).toBeLessThanOrEqual(2_000);
});
