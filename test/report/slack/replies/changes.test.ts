import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from '../../../../src/report/slack/message.ts';
import { movedMessage, remediesMessage, staysMessage, stopMessage, type Wanted } from '../../../../src/report/slack/replies/changes.ts';
import { captureFilesMessage, linesMessage } from '../../../../src/report/slack/replies/files.ts';
import { historyMessage } from '../../../../src/report/slack/replies/history.ts';
import { refusalMessage } from '../../../../src/report/slack/replies/refusal.ts';
import { anyChange, anyTerms } from '../../any-order.ts';
import { lives, terms, yes } from '../../orders.ts';
import { faultsOf } from '../faults.ts';
import { record } from '../made.ts';
import { nasty } from '../nasty.ts';
import { shown } from '../shown.ts';

function said(message: Message): string {
  expect(faultsOf(message)).toEqual([]);
  return shown(message);
}
const life = (name: string) => ({ change: lives[name]!, record: record() });

describe('after a press', () => {
  const moved = (name: string, did: 'request' | 'approve' | 'decline' | 'undo', over = {}): string =>
    said(movedMessage({ ...life(name), terms: terms(over), did }));

  test('that asks for it says that nothing is changed yet, and for whom it waits', () => {
    expect(moved('requested', 'request')).toBe(
      '🙋 *Asked for*: `restore-corefile` in `cluster-a` (order `1a2b3c4d5e`). Nothing is changed yet.\nOne more person has to approve.\nWho may: @group:S0SRE, @U0BEN\nThey are asked in the thread, until 02:33:11 UTC.',
    );
    expect(moved('requested', 'request', { people: 4 })).toContain('3 more people have to approve.');
    expect(moved('requested', 'request', { mayApprove: { users: ['U0ANA'], groups: [], channels: [] } })).toContain(
      'names nobody else who may',
    );
  });

  test('that approves says whether it begins', () => {
    expect(moved('approved', 'approve')).toContain('✅ *Approved*: `restore-corefile` in `cluster-a`');
    expect(moved('alone', 'request')).toContain('✅ *Approved*');
    const half = { ...lives['requested']!, approvals: [yes('U0BEN', 0)] };
    expect(said(movedMessage({ change: half, record: record(), terms: terms({ people: 3 }), did: 'approve' }))).toContain(
      '*Your yes is counted*',
    );
  });

  test('that says no, or undoes it', () => {
    expect(moved('declined', 'decline')).toContain('⛔ *Declined*');
    expect(moved('dismissed', 'decline')).toContain('⛔ *Dismissed*');
    expect(moved('undoing', 'undo')).toContain('↩️ *It is being undone*');
  });
});

describe('an order that stays as it is', () => {
  const stays = (name: string, wanted: Wanted = 'approve', why: 'expired' | 'state' = 'state'): string =>
    said(staysMessage({ ...life(name), why, wanted }));

  test.each([
    ['proposed', 'Nobody has asked for it yet.'],
    ['requested', 'It was already asked for by @U0ANA at 02:04:11 UTC, and waits for approval.'],
    ['approved', 'It was already approved by @U0BEN at 02:04:41 UTC, and is about to begin.'],
    ['alone', 'It was already approved by @U0ANA at 02:04:11 UTC, and is about to begin.'],
    ['running', 'It was already approved by @U0BEN at 02:04:41 UTC, and is being done.'],
    ['fixed', 'It is done already, since 02:06:11 UTC.'],
    ['failed', 'It was begun, and failed at 02:06:11 UTC.'],
    ['refused', 'It was refused at 02:03:11 UTC, and nothing was changed.'],
    ['declined', 'It was already declined by @U0BEN at 02:04:31 UTC.'],
    ['expired', 'Its time was over at 02:33:11 UTC, and nothing was changed.'],
    ['undoing', 'It is being undone, as @U0BEN wanted.'],
    ['undone', 'It was undone at 02:11:11 UTC, as @U0BEN wanted.'],
    ['logged', 'It was undone at 02:23:11 UTC, because its time was over.'],
  ])('because it is %s says how it stands', (name, words) => {
    expect(stays(name)).toBe(
      `ℹ️ *${words}* There is nothing to approve.\n(\`${lives[name]!.plan.remedy}\` in \`cluster-a\` (order \`1a2b3c4d5e\`))`,
    );
  });

  test('because its time is over says why there is a time, and how to have it planned anew', () => {
    expect(stays('proposed', 'request', 'expired')).toContain(
      'The offer ended at 02:33:11 UTC, for the cluster may have changed since it was planned. Nothing was changed.\nTo have it planned anew: check `cluster-a`',
    );
  });
});

describe('stopping and lines', () => {
  test.each(['cancelled', 'stopping', 'over', 'unknown'] as const)('%s is said', (outcome) => {
    expect(said(stopMessage(outcome, life('running')))).toMatch(/^⏹️ `restore-corefile` in `cluster-a`/);
  });

  test.each([
    ['sent', '12 lines of the query log of `cluster-a` are in the thread as a file.'],
    ['none', 'There are no lines'],
    ['scope', '`files:write`'],
    ['channel', 'only to private channels and direct messages'],
    ['slack', '`file_uploads_disabled`'],
  ] as const)('of lines that are %s', (outcome, words) => {
    expect(said(linesMessage({ outcome, cluster: 'cluster-a', lines: 12, slack: 'file_uploads_disabled' }))).toContain(words);
  });

  test.each([
    ['sent', '3 files of the capture of `cluster-a` are in the thread.'],
    ['none', 'The files of the capture of `cluster-a` are no longer kept: capture again.'],
    ['scope', '`files:write`'],
    ['channel', 'only to private channels and direct messages'],
    ['slack', '`file_uploads_disabled`'],
  ] as const)('of files of a capture that are %s', (outcome, words) => {
    const told = { outcome, cluster: 'cluster-a', slack: 'file_uploads_disabled' };
    expect(said(captureFilesMessage({ ...told, files: 3 }))).toContain(words);
  });

  test('of the one file that there is', () => {
    const told = { outcome: 'sent', cluster: 'cluster-a', slack: null, files: 1 } as const;
    expect(said(captureFilesMessage(told))).toContain('1 file of the capture of `cluster-a` is in the thread.');
  });
});

describe('the remedies', () => {
  const all = Array.from({ length: 12 }, (_, index) => ({
    ...{ id: `remedy-${index}`, title: `Mend ${index}`, helps: 'When it is broken.', paramHelp: { replicas: 'how many' } },
  }));

  test('are listed with when each helps, what it takes, and how it is asked for', () => {
    const text = said(remediesMessage(all, '/dns'));
    for (const { id } of all) expect(text).toContain(`| ${id}\n`);
    expect(text).toContain('|     replicas=…  how many');
    expect(text).toContain('| /dns remedy CLUSTER REMEDY [key=value ...]');
    expect(said(remediesMessage([], '/dns'))).toContain('no remedies in this version');
  });
});

describe('a refusal of the policy', () => {
  test('says why and until when changes rest', () => {
    const no = { allowed: false as const, reason: 'frozen' as const, mayUsers: [], mayGroups: [], mayChannels: [] };
    expect(said(refusalMessage({ ...no, says: 'Changes rest now: Black Friday.' }, { cluster: 'cluster-a', action: 'approve' }))).toContain(
      '⛔ *Refused:* approving a change of `cluster-a`. Changes rest for now.\nChanges rest now: Black Friday.',
    );
  });
});

describe('a refusal and a history', () => {
  test('name what was pressed, and what kind of run it was', () => {
    const no = { allowed: false as const, reason: 'person' as const, mayUsers: ['U0BEN'], mayGroups: [], mayChannels: [] };
    expect(said(refusalMessage(no, { cluster: 'cluster-a', action: 'approve', wanted: 'undo' }))).toContain(
      '⛔ *Refused:* undoing a change of `cluster-a`. Nobody gave you that right.',
    );
    const run = { id: '0a1b2c3d4e', kind: 'change' as const, cluster: 'cluster-a', askedBy: 'U0ANA', createdAt: 0, endedAt: 1000 };
    expect(said(historyMessage('cluster-a', [{ ...run, state: 'done', status: null, cause: null }]))).toContain('· change ✅ done · 1.0 s');
  });
});

describe('text of others', () => {
  test('breaks no limit in any of them', () => {
    fc.assert(
      fc.property(anyChange, anyTerms, nasty, fc.array(nasty, { maxLength: 30 }), (order, asked, text, texts) => {
        const of = { change: order, record: record({ cluster: text }) };
        const remedies = texts.map((one) => ({
          id: one,
          title: one,
          helps: one,
          paramHelp: Object.fromEntries(texts.map((key) => [key, key])),
        }));
        const messages = [
          ...(['request', 'approve', 'decline', 'undo'] as const).map((did) => movedMessage({ ...of, terms: asked, did })),
          ...(['expired', 'state'] as const).map((why) => staysMessage({ ...of, why, wanted: 'undo' })),
          ...(['cancelled', 'stopping', 'over', 'unknown'] as const).map((outcome) => stopMessage(outcome, of)),
          ...(['sent', 'none', 'scope', 'channel', 'slack'] as const).flatMap((outcome) => [
            linesMessage({ outcome, cluster: text, lines: 1, slack: text }),
            captureFilesMessage({ outcome, cluster: text, files: 2, slack: text }),
          ]),
          remediesMessage(remedies, text),
        ];
        expect(messages.flatMap(faultsOf)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  }, 60_000);
});
