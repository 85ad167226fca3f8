import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LONGEST_TEXT, normalise } from '../../../src/slack/parse/normalise.ts';
import { parseCommand } from '../../../src/slack/parse/parse.ts';

const ARN = 'arn:aws:eks:eu-west-1:123456789012:cluster/prod';
const clusters = ['cluster-a', 'cluster-b', ARN];
const parse = (text: string) => parseCommand(text, { clusters, bot: 'U0BOT' });
const check = (complaint: object = {}, cluster = 'cluster-a') => ({
  verb: 'check',
  cluster,
  complaint: { pod: null, node: null, names: [], quick: false, ...complaint },
});
const capture = (params: object, complaint: object = {}) => ({
  ...check(complaint),
  verb: 'remedy',
  remedy: { id: 'capture-packets', params },
  reason: null,
});

describe('a command', () => {
  test.each([
    ['check cluster-a', check()],
    ['cluster-a', check()],
    ['CHECK cluster-a', check()],
    [`check ${ARN}`, check({}, ARN)],
    ['check cluster=cluster-a', check()],
    [
      'check cluster-a pod=shop/cart node=ip-10-0-0-1.ec2.internal name=api.example.com quick',
      check({ pod: 'shop/cart', node: 'ip-10-0-0-1.ec2.internal', names: ['api.example.com'], quick: true }),
    ],
    ['check cluster-a capture=30s quick', capture({ seconds: '30' }, { quick: true })],
    ['check cluster-a capture', capture({})],
    ['check capture cluster-a', capture({})],
    ['check --capture 45 cluster-a node=ip-1', capture({ seconds: '45', node: 'ip-1' }, { node: 'ip-1' })],
    ['check --pod shop/cart --quick cluster-a', check({ pod: 'shop/cart', quick: true })],
    ['check cluster-a -pod shop/cart', check({ pod: 'shop/cart' })],
    ['check cluster-a pod: shop/cart', check({ pod: 'shop/cart' })],
    ['check cluster-a pod:shop/cart', check({ pod: 'shop/cart' })],
    ['check cluster-a pod shop/cart', check({ pod: 'shop/cart' })],
    ['check cluster-a pod = shop/cart', check({ pod: 'shop/cart' })],
    ['check cluster-a —pod shop/cart', check({ pod: 'shop/cart' })],
    ['check cluster-a –quick', check({ quick: true })],
    ['check “cluster-a” pod=‘shop/cart’', check({ pod: 'shop/cart' })],
    ['check `cluster-a`, name="api.example.com"', check({ names: ['api.example.com'] })],
    ['check\u00A0cluster-a\t pod=shop/cart\n', check({ pod: 'shop/cart' })],
    ['check clu\u200Bster-a\u202E', check()],
    ['check <cluster-a>', check()],
    ['check cluster-a name=<http://api.example.com|api.example.com>', check({ names: ['api.example.com'] })],
    ['check cluster-a name=<https://api.example.com/x?y=1&amp;z=2>', check({ names: ['api.example.com'] })],
    ['check cluster-a name=a.example name=b.example,c.example, name=a.example', check({ names: ['a.example', 'b.example', 'c.example'] })],
    ['check cluster-a quick=no', check()],
    ['<@U0BOT> check cluster-a', check()],
    ['<@U0BOT|medic> check cluster-a', check()],
    ['hey <@U0BOT>, check cluster-a', check()],
    ['hey <@U0BOT> check cluster-a', check()],
    ['check cluster-a <@U0BOT>', check()],
    ['doctor cluster-b', { verb: 'doctor', cluster: 'cluster-b' }],
    ['history cluster-b', { verb: 'history', cluster: 'cluster-b' }],
    ['status', { verb: 'status', run: null }],
    ['status #0A1B2C3D4E', { verb: 'status', run: '0a1b2c3d4e' }],
    ['cancel 0a1b2c3d4e', { verb: 'cancel', run: '0a1b2c3d4e' }],
    ['stop run=0a1b2c3d4e', { verb: 'cancel', run: '0a1b2c3d4e' }],
    ['clusters', { verb: 'clusters' }],
    ['list', { verb: 'clusters' }],
    ['help', { verb: 'help' }],
    ['help me please', { verb: 'help' }],
    ['?', { verb: 'help' }],
    ['--help', { verb: 'help' }],
    ['', { verb: 'form' }],
    [' \u00A0<@U0BOT> ', { verb: 'form' }],
  ])('%j is understood', (text, command) => {
    expect(parse(text)).toMatchObject(command);
  });

  test.each([
    ['chek cluster-a', 'unknown-word', null, 'chek', 'check cluster-a'],
    ['clustr-a', 'unknown-word', null, 'clustr-a', 'cluster-a'],
    ['deploy everything', 'unknown-word', null, 'deploy', null],
    ['check', 'no-cluster', 'check', null, null],
    ['pod=shop/cart', 'no-cluster', 'check', null, null],
    ['check clustr-a pod=shop/cart', 'unknown-cluster', 'check', 'clustr-a', 'check cluster-a pod=shop/cart'],
    ['check cluster=clustr-a', 'unknown-cluster', 'check', 'clustr-a', 'check cluster=cluster-a'],
    ['check Cluster-A', 'unknown-cluster', 'check', 'Cluster-A', 'check cluster-a'],
    ['check production', 'unknown-cluster', 'check', 'production', null],
    ['doctor', 'no-cluster', 'doctor', null, null],
    ['history clustr-b', 'unknown-cluster', 'history', 'clustr-b', 'history cluster-b'],
    ['check cluster-a cluster-b', 'unknown-word', 'check', 'cluster-b', null],
    ['check cluster-a --podd shop/cart', 'unknown-word', 'check', 'shop/cart', null],
    ['check cluster-a --podd=shop/cart', 'unknown-word', 'check', '--podd=shop/cart', 'check cluster-a --pod=shop/cart'],
    ['check cluster-a nmae=a.example', 'unknown-word', 'check', 'nmae=a.example', 'check cluster-a name=a.example'],
    ['check cluster-a pod=cart', 'bad-value', 'check', 'cart', null],
    ['check cluster-a pod', 'no-value', 'check', 'pod', null],
    ['check cluster-a pod= --quick', 'bad-value', 'check', '--quick', null],
    ['check cluster-a name=a..b', 'bad-value', 'check', 'a..b', null],
    ['check cluster-a node=Node', 'bad-value', 'check', 'Node', null],
    ['check cluster-a quick=maybe', 'bad-value', 'check', 'maybe', null],
    [
      `check cluster-a name=${Array.from({ length: 11 }, (_, index) => `n${index}.example`).join(',')}`,
      'too-many-names',
      'check',
      null,
      null,
    ],
    ['check cluster-a capture=soon', 'bad-value', 'check', 'soon', null],
    ['check cluster-a capture=1h', 'bad-value', 'check', '1h', null],
    ['status cluster-a', 'bad-run', 'status', 'cluster-a', 'history cluster-a'],
    ['status xyz', 'bad-run', 'status', 'xyz', null],
    ['cancel cluster-a', 'bad-run', 'cancel', 'cluster-a', null],
    ['status 0a1b2c3d4e pod=a/b', 'unknown-word', 'status', 'pod', null],
    ['clusters now', 'unknown-word', 'clusters', 'now', null],
    ['check <!channel>', 'unknown-cluster', 'check', '@channel', null],
    ['check <!subteam^S1|@sre> <@U0EVE> <#C1|general>', 'unknown-cluster', 'check', '@sre', null],
  ])('%j is answered with how it is used', (text, problem, about, word, didYouMean) => {
    expect(parse(text)).toMatchObject({ verb: 'usage', problem, about, word, didYouMean });
  });

  test('that is very long is answered in short', () => {
    expect(parse('x'.repeat(300))).toMatchObject({ problem: 'unknown-word', word: `${'x'.repeat(79)}…` });
    expect(parse('y'.repeat(LONGEST_TEXT))).toMatchObject({ problem: 'unknown-word' });
    expect(parse('y'.repeat(LONGEST_TEXT + 1))).toMatchObject({ problem: 'too-long', word: null });
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    'check',
    'cluster-a',
    'clustr-a',
    'pod',
    'name',
    '=',
    ':',
    '--',
    '—',
    '<',
    '>',
    '|',
    '&',
    '&amp;',
    'lt;',
    'amp;',
    '<@U0BOT>',
    '<!here>',
    '“',
    '`',
    ' ',
    '\u00A0',
    ',',
  ),
  fc.constantFrom('http://', 'a.example', 'shop/cart', 'capture=30s', 'status', '0a1b2c3d4e', '\u202E', '\u0007', 'quick', '@', '#', '!'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const anyText = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

describe('any text at all', () => {
  test('is plain after being made plain once', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = normalise(text);
        expect(normalise(once)).toBe(once);
        // oxlint-disable-next-line no-control-regex -- they are what must be gone
        expect(once).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069<>|]/);
      }),
      { numRuns: 5000 },
    );
  });

  test('is a command or answered with how it is used, in few words, and runs on no cluster but one that it names', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parse(text);
        const { word, didYouMean } = parsed.verb === 'usage' ? parsed : { word: null, didYouMean: null };
        expect((word ?? '').length).toBeLessThanOrEqual(80);
        expect((didYouMean ?? '').length).toBeLessThanOrEqual(300);
        const named = 'cluster' in parsed ? parsed.cluster : 'cluster-a';
        expect(clusters).toContain(named);
        expect('cluster' in parsed ? normalise(text) : named).toContain(named);
      }),
      { numRuns: 5000 },
    );
  });

  test('is read in a moment, however it is made', () => {
    for (const part of ['&amp;', '<', '<x|', '>', '<a>', '=', '“', '-', 'pod ', '<@U0BOT>']) {
      const began = Date.now();
      parse(part.repeat(LONGEST_TEXT).slice(0, LONGEST_TEXT));
      parse((part.repeat(900) + '>'.repeat(900)).slice(0, LONGEST_TEXT));
      expect(Date.now() - began).toBeLessThan(2_000);
    }
  });

  test('that is suggested is itself understood', () => {
    for (const text of ['chek cluster-a', 'check clustr-a', 'check cluster-a --podd=shop/cart'])
      expect(parse((parse(text) as { didYouMean: string }).didYouMean).verb).toBe('check');
  });
});
