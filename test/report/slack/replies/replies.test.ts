import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Action, RefusalReason } from '../../../../src/domain/access.ts';
import type { Message } from '../../../../src/report/slack/message.ts';
import { clustersMessage } from '../../../../src/report/slack/replies/clusters.ts';
import { commandHelp } from '../../../../src/report/slack/replies/commands.ts';
import { helpMessage } from '../../../../src/report/slack/replies/help.ts';
import { historyMessage } from '../../../../src/report/slack/replies/history.ts';
import { type Refusal, refusalMessage } from '../../../../src/report/slack/replies/refusal.ts';
import { cancelMessage, joinedMessage, noRunMessage } from '../../../../src/report/slack/replies/runs.ts';
import { statusMessage } from '../../../../src/report/slack/replies/status.ts';
import { notInChannelMessage, redisDownMessage, troubleMessage } from '../../../../src/report/slack/replies/trouble.ts';
import { type UsageProblem, usageMessage } from '../../../../src/report/slack/replies/usage.ts';
import { finding, readings, report } from '../../made.ts';
import { faultsOf } from '../faults.ts';
import { at, done, progress, record, request, running } from '../made.ts';
import { nasty } from '../nasty.ts';
import { shown } from '../shown.ts';

/** What a message shows; it may have no fault. */
function said(message: Message): string {
  expect(faultsOf(message)).toEqual([]);
  return shown(message);
}

const run = { id: '0a1b2c3d4e', kind: 'check' as const, cluster: 'cluster-a', askedBy: 'U0ADA', createdAt: at, endedAt: at + 6000 };
const broken = { ...run, state: 'done' as const, status: 'broken', cause: 'corefile-no-forward' };

describe('help', () => {
  test('names every command with the name that this bot has, and the clusters that the person may check', () => {
    const text = said(helpMessage('/dns-test', ['cluster-a', 'cluster-b']));
    for (const { usage } of commandHelp) expect(text).toContain(`| /dns-test ${usage}`);
    expect(text).toContain('You may check: `cluster-a`, `cluster-b`');
    expect(text).toContain('mention the bot');
  });

  test('says so when that is none', () => {
    expect(said(helpMessage('/dns', []))).toContain('You may not check any cluster');
  });
});

describe('the clusters', () => {
  const states = [
    { cluster: 'cluster-a', workers: 2, waiting: 0, running: 1 },
    { cluster: 'constructor', workers: 0, waiting: 3, running: 0 },
  ];

  test('are shown with their workers, what waits, and what the person may do', () => {
    const text = said(clustersMessage(states, { 'cluster-a': ['check', 'read'] }));
    expect(text).toContain('`cluster-a` · ✅ 2 workers · 1 running · 0 waiting · you may: check, read');
    expect(text).toContain('`constructor` · ⚠️ no worker · 0 running · 3 waiting · you may: nothing');
    expect(text).toContain('checks wait until one is started');
  });

  test('are counted beyond what a message holds', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ ...states[0]!, cluster: `${'x'.repeat(250)}-${index}` }));
    expect(said(clustersMessage(many, {}))).toContain('and 470 more');
    expect(said(clustersMessage([], {}))).toBe('No cluster is configured.');
  });
});

describe('the status of a run', () => {
  test('says how far it is', () => {
    expect(said(statusMessage(record({ progress: running(), request: request({ node: 'node-a' }) })))).toBe(
      '🔎 *DNS check running* · `cluster-a` · 2 of 3 done, 1 failed\n(asked by @U0ADA at 02:03:04 UTC · node `node-a` · run `0a1b2c3d4e`)',
    );
    expect(said(statusMessage(record()))).toContain('⏳ *DNS check queued*');
  });

  test('says what came of it, and what to do first', () => {
    const cause = finding({ next: ['Mend it: kubectl edit x'] });
    const judged = report({
      verdict: { status: 'broken', cause: cause.code, causes: [cause.code], sentence: cause.title },
      findings: [cause],
    });
    const text = said(statusMessage(done(judged, readings())));
    expect(text).toContain('🔴 *DNS broken* · `cluster-a` · `corefile-forward-unreachable`\nCoreDNS forwards to 192.0.2.1');
    expect(text).toContain('| kubectl edit x');
  });

  test('calls nobody where everyone sees it', () => {
    const cancelled = record({ progress: progress({ state: 'cancelled', cancelledBy: 'U0BOB', endedAt: at }) });
    expect(statusMessage(cancelled).text).toContain('<@U0BOB>');
    expect(statusMessage(cancelled, 'all').text).not.toContain('<@');
    expect(said(statusMessage(cancelled, 'all'))).toContain('by `U0BOB`');
  });
});

describe('the history of a cluster', () => {
  test('is a line for each run: when, what came of it, who asked', () => {
    const doctor = { ...run, id: '1', kind: 'doctor' as const, state: 'running' as const, endedAt: null, status: null, cause: null };
    expect(said(historyMessage('cluster-a', [broken, doctor]))).toBe(
      [
        '*Last runs* · `cluster-a`',
        '2026-11-23 02:03:04 UTC · 🔴 DNS broken · `corefile-no-forward` · 6.0 s · @U0ADA · run `0a1b2c3d4e`',
        '2026-11-23 02:03:04 UTC · doctor 🔎 running · @U0ADA · run `1`',
      ].join('\n'),
    );
    expect(historyMessage('cluster-a', [broken], 'all').text).not.toContain('<@');
  });

  test('of none says so, of many is counted', () => {
    expect(said(historyMessage('cluster-a', []))).toBe('No run of `cluster-a` is kept.');
    expect(
      said(
        historyMessage(
          'cluster-a',
          Array.from({ length: 25 }, () => broken),
        ),
      ),
    ).toContain('and 5 older ones');
  });

  test('shows no status that is none of ours', () => {
    expect(said(historyMessage('cluster-a', [{ ...broken, status: 'toString' }]))).toContain('✅ done');
  });
});

describe('a refusal', () => {
  const refusal = (over: Partial<Refusal> = {}): Refusal => ({
    ...{ allowed: false, reason: 'channel' as const, mayUsers: ['U0ADA'], mayGroups: ['S0SRE'], mayChannels: ['C0OPS', 'any'] },
    ...over,
  });

  test('says why, who may, and from where', () => {
    expect(said(refusalMessage(refusal(), { cluster: 'cluster-a', action: 'check' }))).toBe(
      [
        '⛔ *Refused:* a DNS check of `cluster-a`. You may, but not from this channel.',
        '*Who may:* @group:S0SRE, @U0ADA',
        '*From where:* #C0OPS, any channel that is not shared with others, and direct messages',
        '(Nothing was started. Rights are given in the policy of dns-medic, by those who run it.)',
      ].join('\n'),
    );
  });

  test('calls nobody where everyone sees it', () => {
    const { text } = refusalMessage(refusal(), { cluster: 'cluster-a', action: 'check', audience: 'all' });
    expect(text).toContain('Who may: S0SRE, U0ADA');
    expect(text).not.toMatch(/<[@!]/);
  });

  test.each(RefusalReason.options.flatMap((reason) => Action.options.map((action) => [reason, action] as const)))(
    'for %s of %s is a sentence of its own, though nobody may',
    (reason, action) => {
      const text = said(
        refusalMessage(refusal({ reason, mayUsers: [], mayGroups: [], mayChannels: [] }), { cluster: 'cluster-a', action }),
      );
      expect(text).toMatch(/^⛔ \*Refused:\* .{5,} `cluster-a`\. [A-Z].{10,}\.\n/);
      expect(text).not.toContain('Who may');
    },
  );

  test('of many who may counts the rest', () => {
    const mayUsers = Array.from({ length: 300 }, (_, index) => `U0${index}`);
    expect(said(refusalMessage(refusal({ mayUsers }), { cluster: 'cluster-a', action: 'check' }))).toContain('and 291 more');
  });
});

describe('words that were not understood', () => {
  const usage = (over: Partial<UsageProblem>): UsageProblem => ({
    ...{ problem: 'unknown-word' as const, about: null, word: null, expected: null, didYouMean: null },
    ...over,
  });

  test('are shown with what may have been meant, and how it is written', () => {
    const wrong = usage({ problem: 'unknown-cluster', about: 'check', word: 'clutser-a', didYouMean: 'check cluster-a quick' });
    expect(said(usageMessage(wrong, '/dns'))).toBe(
      [
        '❓ *Nothing was started.* There is no cluster `clutser-a`.',
        '*Did you mean*',
        '    | /dns check cluster-a quick',
        '*It is written*',
        '    | /dns check CLUSTER [pod=NAMESPACE/POD] [node=NODE] [name=HOST] [quick]',
        '(All commands: `/dns help`)',
      ].join('\n'),
    );
  });

  test('say what is expected in their place', () => {
    const wrong = usage({ problem: 'bad-value', about: 'check', word: 'shop', expected: 'expected NAMESPACE/NAME such as shop/cart-1' });
    expect(said(usageMessage(wrong, '/dns'))).toContain('`shop` cannot be taken.\nExpected NAMESPACE/NAME such as shop/cart-1.');
  });

  test('get all commands when it cannot be told which was meant', () => {
    const text = said(usageMessage(usage({ word: '<!channel>' }), '/dns'));
    expect(text).toContain('`<!channel>` means nothing to me here.');
    for (const command of ['check', 'history', 'doctor']) expect(text).toContain(`| /dns ${command} CLUSTER`);
  });

  test('lead to the clusters when none was named', () => {
    expect(said(usageMessage(usage({ problem: 'no-cluster', about: 'doctor' }), '/dns'))).toContain('The clusters: `/dns clusters`');
  });
});

describe('what became of a wish', () => {
  test.each([
    ['cancelled', 'is cancelled'],
    ['stopping', 'is being stopped'],
    ['over', 'is over already'],
    ['unknown', 'There is no run'],
  ] as const)('to cancel: %s', (outcome, words) => {
    expect(said(cancelMessage(outcome, '0a1b2c3d4e'))).toMatch(new RegExp(`(?=.*${words}).*\`0a1b2c3d4e\``));
  });

  test('that somebody else had too says that one run answers both, with a link where there is one', () => {
    const address = 'https://acme.slack.com/archives/C0/p1?thread_ts=1.2&cid=C0';
    expect(said(joinedMessage('joined', { run: 'a', cluster: 'cluster-a', address }))).toContain(
      `without a second check. The first thread [${address}]`,
    );
    expect(said(joinedMessage('here', { run: 'a', cluster: 'cluster-a', address: null }))).toContain('see its thread above.');
  });

  test.each(['javascript:alert(1)', 'https://x|y', 'https://x>y', ''])('does not make a link of %s', (address) => {
    expect(joinedMessage('joined', { run: 'a', cluster: 'cluster-a', address }).text).not.toContain('<http');
    expect(said(joinedMessage('joined', { run: 'a', cluster: 'cluster-a', address }))).toMatch(/The first thread$/);
  });

  test('for a run that is not there says where runs are listed', () => {
    expect(said(noRunMessage(null, '/dns'))).toContain('No run was asked for here.\n(The runs of a cluster: `/dns history CLUSTER`)');
    expect(said(noRunMessage('0a1b2c3d4e', '/dns'))).toContain('There is no run `0a1b2c3d4e`');
  });
});

describe('trouble', () => {
  test('says what is wrong, whether something was started, and what to do', () => {
    expect(said(notInChannelMessage('U0BOT'))).toMatch(/Nothing was started\.\nInvite it: \/invite @U0BOT/);
    expect(said(notInChannelMessage(null))).toContain('/invite @dns-medic');
    expect(said(redisDownMessage())).toMatch(/Nothing was started: the queue \(Redis\) cannot be reached.*\nTry again in a minute/);
    expect(said(troubleMessage({ says: 'x', next: 'Try y', id: '1' }))).toBe(
      '❌ *That did not work*\nx\nTry y\n(In the log of the bot: `1`)',
    );
  });
});

test('whatever is typed or configured, no answer has a fault', () => {
  fc.assert(
    fc.property(nasty, fc.array(nasty, { maxLength: 40 }), (text, texts) => {
      const messages = [
        helpMessage(text, texts),
        clustersMessage(
          texts.map((cluster) => ({ cluster, workers: 0, waiting: 1, running: 1 })),
          { [text]: ['check'] },
        ),
        refusalMessage(
          { allowed: false, reason: 'person', mayUsers: texts, mayGroups: texts, mayChannels: texts },
          { cluster: text, action: 'check' },
        ),
        usageMessage({ problem: 'unknown-word', about: text, word: text, expected: text, didYouMean: text }, text),
        usageMessage({ problem: 'bad-run', about: 'status', word: text, expected: text, didYouMean: text }, text),
        cancelMessage('unknown', text),
        joinedMessage('joined', { run: text, cluster: text, address: text }),
        noRunMessage(text, text),
        notInChannelMessage(text),
        troubleMessage({ says: text, next: text, id: text }),
      ];
      expect(messages.flatMap(faultsOf)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
