import { describe, expect, test } from '@jest/globals';
import type { Progress } from '../../../../src/domain/run.ts';
import { finding, readings, report } from '../../made.ts';
import { at, done, ended, inChannel, inThread, progress, record, request, running, step } from '../made.ts';
import { messagesOf, said, slots } from '../said.ts';
import { shown, shownThread } from '../shown.ts';

const cause = (code: string, over = {}) => finding({ code, title: `${code} is wrong`, next: [`Mend it: kubectl mend ${code}`], ...over });
const broken = report({
  verdict: { status: 'broken', cause: 'a-1', causes: ['a-1'], sentence: 'a-1 is wrong' },
  findings: [cause('a-1', { proof: [{ reading: 'lookups', pointer: '/rows/0' }] }), cause('z-1', { severity: 'info' })],
});
const states: Record<string, Progress> = {
  queued: progress(),
  running: running(),
  failed: ended({ state: 'failed', error: 'The token of the cluster has expired' }),
  cancelled: running({ state: 'cancelled', cancelledBy: 'U0BOB', endedAt: at + 3000 }),
};

describe('the messages of a check that is', () => {
  test.each([
    ['queued', ['card'], ['plan']],
    ['running', ['card', 'plan'], ['plan']],
    ['failed', ['card', 'plan', 'verdict'], ['plan', 'verdict']],
    ['cancelled', ['card', 'plan', 'verdict'], ['plan', 'verdict']],
  ])('%s stand where they should', (state, inOwn, inOther) => {
    const run = record({ progress: states[state]! });
    expect([slots(run), slots(run, inThread)]).toEqual([inOwn, inOther]);
  });

  test('done: causes, what is good to know, and the verdict below the plan', () => {
    expect(slots(done(broken, readings()))).toEqual(['card', 'plan', 'cause-0', 'note', 'verdict']);
    expect(slots(done(broken, readings()), inThread)).toEqual(['plan', 'cause-0', 'note', 'verdict']);
    expect(slots(done(report(), readings()))).toEqual(['card', 'plan', 'verdict']);
  });
});

describe('the card', () => {
  const card = (...args: Parameters<typeof messagesOf>): string => said('card', ...args);

  test('says the state in words, who asked, when, and the id of the run', () => {
    const run = record({ request: request({ pod: 'shop/cart-1', names: ['amazon.com'], quick: true }) });
    expect(card(run, { ...inChannel, askers: ['U0ADA', 'U0BOB', 'U0ADA'] })).toBe(
      '⏳ *DNS check queued* · `cluster-a`\n(asked by @U0ADA, @U0BOB at 02:03:04 UTC · pod `shop/cart-1` · name `amazon.com` · quick · run `0a1b2c3d4e`)\n<Cancel>',
    );
  });

  test('says that no worker serves the cluster, and what to do, as long as it waits', () => {
    expect(card(record(), inChannel, { workers: 0, now: at })).not.toContain('No worker');
    expect(card(record(), inChannel, { workers: 0, now: at + 6_000 })).toMatch(
      /No worker serves.*start or repair the worker.*cancel `0a1b2c3d4e`/,
    );
    expect(said('plan', record(), inThread, { workers: 0, now: at + 6_000 })).toContain('No worker serves');
    for (const workers of [1, null]) expect(card(record(), inChannel, { workers })).not.toContain('No worker');
    expect(card(record({ progress: running() }), inChannel, { workers: 0 })).not.toContain('No worker');
  });

  test('says that a run waits for long, once, and not when', () => {
    const after = (ms: number) => card(record(), inChannel, { now: at + ms });
    expect(after(120_000)).toBe(after(0));
    expect(after(120_001)).toContain('busy with other runs');
    expect(after(600_000)).toBe(after(120_001));
  });

  test('says that a worker died and the run was started again', () => {
    expect(card(record({ progress: running({ attempt: 2 }) }))).toContain(
      'A worker died in the middle of it. It was started again: this is attempt 2.',
    );
    expect(card(record({ progress: running() }))).not.toContain('died');
    expect(card(done(broken, readings(), { progress: ended({ attempt: 3 }) }))).toContain('attempt 3');
  });

  test('of a verdict says the cause and the first thing to do, no more', () => {
    const text = card(done(broken, readings()));
    expect(text).toBe(
      '🔴 *DNS broken* · `cluster-a` · `a-1`\na-1 is wrong\n*Do first*\nMend it:\n    | kubectl mend a-1\n(asked by @U0ADA at 02:03:04 UTC · took 6.3 s · run `0a1b2c3d4e` · more in the thread)',
    );
  });

  test('of a check that could not look says how to get the rights, or to try again', () => {
    const verdict = {
      status: 'unknown' as const,
      cause: null,
      causes: [],
      sentence: 'No fault was found, but too little could be looked at: no',
    };
    const reading = { id: 'nodes', status: 'failed' as const, durationMs: 1, reason: 'forbidden' as const, message: 'no', allow: null };
    expect(card(done(report({ verdict, readings: [reading] }), {}))).toContain('the RBAC that gives them: doctor `cluster-a`');
    expect(card(done(report({ verdict, readings: [{ ...reading, reason: 'timeout' }] }), {}))).toContain('check again: check `cluster-a`');
  });

  test('of a healthy cluster says what to ask when an application fails all the same', () => {
    expect(card(done(report(), readings()))).toContain('pod=NAMESPACE/POD name=HOST');
    const named = report({ run: { ...report().run, request: { pod: 'shop/cart-1' } } });
    expect(card(done(named, readings()))).toContain('check again while it fails');
  });
});

describe('a run that gave no result', () => {
  test('that failed says why, that this says nothing of the DNS, and what to do', () => {
    const text = said('verdict', record({ progress: states['failed']! }));
    expect(text).toContain('❌ *DNS check failed* · `cluster-a` · for @U0ADA\nThe token of the cluster has expired');
    expect(text).toContain('Run it again: check `cluster-a`');
    expect(text).toContain('under run `0a1b2c3d4e`');
  });

  test('that was cancelled says by whom, and how far it was', () => {
    expect(said('verdict', record({ progress: states['cancelled']! }))).toBe(
      '⏹️ *DNS check cancelled* · `cluster-a` · by @U0BOB · for @U0ADA\n2 of 3 steps were done. Nothing was judged. To start it again: check `cluster-a`',
    );
    const early = record({ progress: progress({ state: 'cancelled', cancelledBy: 'U0BOB', endedAt: at + 9 }) });
    expect(said('card', early)).toContain('It had not begun.');
  });

  test('that is done and has none is not called done', () => {
    const run = record({ progress: ended() });
    expect(said('card', run)).toContain('DNS check failed');
    expect(said('verdict', run)).toContain('without a result');
  });
});

describe('the plan', () => {
  const plan = (steps: Progress['steps'], over: Partial<Progress> = {}) => said('plan', record({ progress: running({ steps, ...over }) }));
  const many = (count: number, over: (index: number) => object = () => ({})) =>
    Array.from({ length: count }, (_, index) => step({ id: `s-${index}`, title: `Step ${index}`, ...over(index) }));

  test('tells what waits, and what was not begun when it was ended, from what failed', () => {
    const steps = [step({ state: 'ok' }), step({ id: 'b', title: 'Asking', state: 'pending' })];
    const text = (run: Progress): string => messagesOf(record({ progress: run })).find(({ slot }) => slot === 'plan')?.text ?? '';
    expect(text(running({ steps }))).toBe('1 of 2 done\nDone: Reading the Corefile\nWaiting: Asking');
    const over = running({ steps, state: 'cancelled', cancelledBy: 'U0BOB', endedAt: at + 3000 });
    expect(text(over)).toBe('Stopped: 1 of 2 done\nDone: Reading the Corefile\nNot begun: Asking');
  });

  test('says how many steps are done, and which failed and why', () => {
    expect(plan(running().steps)).toBe(
      '# 2 of 3 done, 1 failed\n  [x] Reading the Corefile\n  [!] Reading the nodes: forbidden\n  [~] Asking every CoreDNS pod from several nodes',
    );
  });

  test('is not there before the first step', () => {
    expect(slots(record({ progress: running({ steps: [] }) }))).toEqual(['card']);
  });

  test('shows nothing that was stopped as done', () => {
    const text = said('plan', record({ progress: states['cancelled']! }));
    expect(text).toContain('# Stopped: 2 of 3 done, 1 failed');
    expect(text).toContain('[!] Asking every CoreDNS pod from several nodes: stopped');
  });

  test('of more steps than Slack takes leaves out some that are done, and says so', () => {
    const text = plan(many(70, (index) => (index > 60 ? { state: 'failed', reason: 'timeout' } : {})));
    expect(text.match(/\[x\]/g)).toHaveLength(41);
    expect(text.match(/\[!\]/g)).toHaveLength(9);
    expect(text).toContain('and 20 more steps that are done');
  });

  test('has a plain form in words, ten steps to a section', () => {
    const [, message] = messagesOf(record({ progress: running({ steps: [...many(24), ...running().steps] }) }));
    const plain = shown({ blocks: message?.plain ?? [] });
    expect(message?.plain).toHaveLength(4);
    expect(plain).toContain('26 of 27 done, 1 failed\nDone: Step 0\n');
    expect(plain).toContain('Failed: Reading the nodes: forbidden\nRunning: Asking every CoreDNS pod');
  });

  test('in a thread that is not ours begins with what runs, and who asked', () => {
    expect(said('plan', record({ progress: running() }), inThread)).toMatch(
      /^🔎 \*DNS check running\* · `cluster-a`\n\(asked by @U0BOB at .*\)\n# 2 of 3 done/,
    );
    expect(said('plan', done(broken, readings()), inThread)).toMatch(/^✅ \*DNS check done\* · `cluster-a`\n/);
  });
});

describe('causes', () => {
  const codes = Array.from({ length: 9 }, (_, index) => `cause-of-${index}`);
  const many = report({
    verdict: { status: 'broken', cause: codes[0] ?? null, causes: codes, sentence: 'cause-of-0 is wrong; and 8 more causes' },
    findings: codes.map((code) => cause(code)),
  });

  test('beyond the sixth are listed in one message', () => {
    expect(slots(done(many, readings()))).toEqual([
      'card',
      'plan',
      ...codes.slice(0, 6).map((_, index) => `cause-${index}`),
      'cause-more',
      'verdict',
    ]);
    expect(said('cause-more', done(many, readings()))).toContain('• cause-of-8: cause-of-8 is wrong');
    expect(said('cause-2', done(many, readings()))).toContain('cause 3 of 9');
    expect(said('verdict', done(many, readings()))).toContain('Causes, worst first');
  });

  test('of one kind in several places are one message with each place', () => {
    const nodes = Array.from({ length: 9 }, (_, index) =>
      cause('node-notready', {
        subject: { kind: 'Node', name: `node-${index}` },
        title: `Node node-${index} is not ready`,
        proof: [{ reading: 'nodes', pointer: `/items/${index}` }],
        next: ['See what the node says'],
      }),
    );
    const text = said('cause-0', done(report({ verdict: { ...many.verdict, causes: ['node-notready'] }, findings: nodes }), readings()));
    expect(text).toContain('• Node node-3 is not ready\n  • and 5 more of this kind');
    expect(text).toContain('| Node node-1:');
    expect(text.match(/See what the node says/g)).toHaveLength(1);
  });

  test('whose readings were too large to keep say that the proof is gone', () => {
    expect(said('cause-0', done(broken, {}))).toContain('The proof was not kept');
  });

  test('with more proof than a person reads say how much is cut', () => {
    const proof = Array.from({ length: 90 }, (_, index) => ({ reading: 'lookups', pointer: `/${index}` }));
    const text = said('cause-0', done(report({ ...broken, findings: [cause('a-1', { proof })] }), readings()));
    expect(text.match(/^ {4}\| lookups/gm)).toHaveLength(30);
    expect(text).toContain('… 60 lines cut');
  });
});

test('the whole of a thread can be shown', () => {
  expect(shownThread(messagesOf(done(broken, readings())))).not.toContain('? ');
});
