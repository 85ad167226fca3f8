import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { REVIEW_CALLBACK, REVIEW_FIELDS, type Reviewed, reviewErrors, reviewModal } from '../../../../src/report/slack/views/review.ts';
import { saidModal } from '../../../../src/report/slack/views/modal.ts';
import { staysMessage } from '../../../../src/report/slack/replies/changes.ts';
import { viewProblems } from '../../../../src/rules/slack-limits.ts';
import { anyChange, anyTerms } from '../../any-order.ts';
import { change, lives, logPlan, plan, restartPlan, terms } from '../../orders.ts';
import { blockFaults } from '../faults.ts';
import { record } from '../made.ts';
import { nasty } from '../nasty.ts';
import { shown } from '../shown.ts';

const modal = (over: Partial<Reviewed> = {}) =>
  reviewModal({ change: change(), record: record(), terms: terms(), purpose: 'request', privateMetadata: 'f00', ...over });
const faults = (view: ReturnType<typeof modal>): string[] => [...viewProblems(view), ...blockFaults(view.blocks)];
function said(over: Partial<Reviewed> = {}): string {
  const view = modal(over);
  expect(faults(view)).toEqual([]);
  return shown(view);
}
const fieldsOf = (over: Partial<Reviewed>): string[] =>
  (modal(over).blocks as any[]).filter(({ type }) => type === 'input').map(({ block_id }) => block_id);
const element = (over: Partial<Reviewed>, { block }: { block: string }): any =>
  (modal(over).blocks as any[]).find(({ block_id }) => block_id === block);

describe('the review of an order', () => {
  test('shows the whole plan: what, to what, in which order, the risk, the undo, the proof, who may approve, and until when', () => {
    expect(said({ change: change({ plan: restartPlan({ objects: plan().objects }) }) })).toBe(
      [
        '`restart-coredns` in `cluster-a`',
        'This is what will be done, and nothing else:',
        'Restart the 2 CoreDNS pods, one at a time.',
        'It helps here: both pods still run the Corefile from before the edit, and the reload plugin is absent.',
        '*⚠️ Mind*',
        '  • Lookups that are on their way to a pod when it stops may be asked again by the client, 5 s later',
        '*ConfigMap kube-system/coredns is changed: 1 line added, 1 line taken away*',
        '    |   .:53 {',
        '    |       kubernetes cluster.local',
        '    | -     forward . 192.0.2.1',
        '    | +     forward . /etc/resolv.conf',
        '    |   }',
        '*Pods, one after the other in this order*',
        '    | 1. kube-system/coredns-758f4459b8-754pp on ip-10-0-1-7',
        '    | 2. kube-system/coredns-758f4459b8-x5n7f on ip-10-0-2-9',
        '*Undo:* none, and none is needed',
        '*Proof:* these checks, before and after: `corefile-reload-plugin-absent`. Waited for up to 60 s.',
        'A new pod is ready within some seconds.',
        '*Risk:* disruptive (pods restart, or lookups may fail for a moment)',
        '*Approval:* It takes 2 people: the one who asks, and another who approves. Who may approve: @group:S0SRE, @U0BEN',
        'Sending this asks the others; nothing is changed until they have approved.',
        '(the offer ends at 02:33:11 UTC · order `1a2b3c4d5e` · plan `d1d1d1d1d1d1`)',
        'Reason (optional): [plain_text_input]',
      ].join('\n'),
    );
  });

  test('says who asked and why to the one who approves', () => {
    expect(said({ change: lives['requested']!, purpose: 'approve' })).toContain(
      'asked for by @U0ANA at 02:04:11 UTC\nReason: checkout fails\n',
    );
  });

  test('says when it ends by itself', () => {
    expect(said({ change: change({ plan: logPlan() }) })).toContain('*Ends:* by itself after 15 min');
  });

  test('of undoing shows what was done, and how it is taken back', () => {
    const text = said({ change: lives['fixed']!, purpose: 'undo' });
    expect(text).toContain('This was done, and will be taken back:');
    expect(text).toContain('Undo: The text that stands there now is written back');
    expect(text).not.toMatch(/Risk|Approval|offer ends/);
  });

  test.each([
    ['request', 2, 'Review a change', 'Request'],
    ['request', 1, 'Review a change', 'Do it'],
    ['approve', 2, 'Approve a change', 'Approve'],
    ['undo', 2, 'Undo a change', 'Undo'],
  ] as const)('to %s it with %d people has the button that says what happens', (purpose, people, title, submit) => {
    const view = modal({ purpose, terms: terms({ people }) });
    expect([view.title.text, view.submit?.text, view.callback_id, view.private_metadata]).toEqual([title, submit, REVIEW_CALLBACK, 'f00']);
  });

  test('asks for the fields that the policy wants, where they are wanted', () => {
    const strict = terms({ reason: true, typeName: true });
    expect(fieldsOf({ terms: strict })).toEqual(['reason', 'typed_name']);
    expect(fieldsOf({ terms: strict, purpose: 'approve' })).toEqual(['typed_name']);
    expect(fieldsOf({ terms: strict, purpose: 'undo' })).toEqual([]);
    expect(fieldsOf({})).toEqual(['reason']);
    expect(element({ terms: strict }, REVIEW_FIELDS.reason).optional).toBe(false);
    expect(element({}, REVIEW_FIELDS.reason).optional).toBe(true);
    expect(element({ reason: 'orders fail' }, REVIEW_FIELDS.reason).element.initial_value).toBe('orders fail');
    expect(element({ terms: strict }, REVIEW_FIELDS.typedName).element.initial_value).toBeUndefined();
  });

  test('of a long plan shows some 1,000 lines, counts the rest, and says where to read all', () => {
    const diff = Array.from({ length: 5000 }, (_, index) => `+ line ${index} of a very long Corefile`);
    const view = modal({ change: change({ plan: plan({ objects: [{ ...plan().objects[0]!, diff }] }) }) });
    expect(faults(view)).toEqual([]);
    const text = shown(view);
    const seen = text.match(/of a very long Corefile/g)?.length ?? 0;
    expect(seen).toBeGreaterThan(1000);
    expect(text).toContain(`⚠️ ${5000 - seen} lines are cut here, and the whole is what is applied.`);
    expect(text).toContain('dns-medic remedy `restore-corefile` `cluster-a` --dry-run');
  });

  test('of many objects says that some are not shown, also where they have no lines', () => {
    const objects = Array.from({ length: 40 }, () => ({ ...plan().objects[0]!, diff: [] }));
    expect(said({ change: change({ plan: plan({ objects }) }) })).toContain('15 of 40 objects are cut here');
  });

  test('says that a line is cut that is too wide', () => {
    const objects = [{ ...plan().objects[0]!, diff: [`+ ${'x'.repeat(9000)}`] }];
    expect(said({ change: change({ plan: plan({ objects }) }) })).toContain('⚠️ 1 line is cut here');
  });

  test('breaks no limit and throws never, whatever the order and the policy hold', () => {
    fc.assert(
      fc.property(
        anyChange,
        anyTerms,
        nasty,
        nasty,
        fc.constantFrom('request' as const, 'approve' as const, 'undo' as const),
        (order, asked, cluster, reason, purpose) => {
          const view = modal({ change: order, terms: asked, record: record({ cluster }), reason, purpose });
          expect(faults(view)).toEqual([]);
          expect(view.blocks.length).toBeLessThanOrEqual(100);
          expect(
            faults(saidModal(cluster, staysMessage({ why: 'state', change: order, record: record({ cluster }), wanted: 'approve' }))),
          ).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);
});

describe('what is wrong with a review that was sent', () => {
  const strict = terms({ reason: true, typeName: true });
  const sent = (over = {}) =>
    reviewErrors({ terms: strict, cluster: 'cluster-a', purpose: 'request', reason: 'it burns', typedName: ' cluster-a ', ...over });

  test('is nothing where all is given', () => {
    expect([sent(), sent({ terms: terms(), reason: null, typedName: '' })]).toEqual([null, null]);
  });

  test('is said at the field', () => {
    expect(sent({ reason: '  ', typedName: 'cluster-b' })).toEqual({
      reason: 'The policy asks for a reason: say in a few words why.',
      typed_name: 'This is not the name of the cluster: cluster-a',
    });
  });

  test('is nothing at a field that this review does not show', () => {
    expect(sent({ purpose: 'undo', reason: null, typedName: '' })).toBeNull();
    expect(sent({ purpose: 'approve', reason: null, typedName: '' })).toEqual({ typed_name: expect.any(String) });
  });
});
