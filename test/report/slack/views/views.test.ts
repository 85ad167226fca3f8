import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FIELDS, OPEN_FORM, QUICK } from '../../../../src/report/slack/views/fields.ts';
import { homeView } from '../../../../src/report/slack/views/home.ts';
import { checkModal, loadingModal, messageModal, modalErrors } from '../../../../src/report/slack/views/modal.ts';
import { viewProblems } from '../../../../src/rules/slack-limits.ts';
import { anyChange } from '../../any-order.ts';
import { lives } from '../../orders.ts';
import { blockFaults } from '../faults.ts';
import { at } from '../made.ts';
import { nasty } from '../nasty.ts';
import { shown } from '../shown.ts';

type View = Parameters<typeof shown>[0];

const faults = (view: View): string[] => [...viewProblems(view), ...blockFaults(view.blocks)];
function said(view: View): string {
  expect(faults(view)).toEqual([]);
  return shown(view);
}
/** The element of a field in a form. */
const element = (view: View, { block }: { block: string }): any =>
  (view.blocks as any[]).find(({ block_id }) => block_id === block)?.element;
const form = (clusters: string[], preset = {}) => checkModal(clusters, { privateMetadata: 'f00', preset });
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `cluster-${String(index).padStart(4, '0')}`);

describe('the form', () => {
  test('offers the clusters, and the rest of a complaint', () => {
    const view = form(['cluster-b', 'cluster-a', 'cluster-b']);
    expect(said(view)).toBe(
      [
        'Cluster: [static_select]',
        'Pod (optional): [plain_text_input]',
        'Name (optional): [plain_text_input]',
        'Node (optional): [plain_text_input]',
        'How (optional): [checkboxes]',
      ].join('\n'),
    );
    expect(element(view, FIELDS.cluster).options.map(({ value }: { value: string }) => value)).toEqual(['cluster-a', 'cluster-b']);
    expect(element(view, FIELDS.quick).options.map(({ value }: { value: string }) => value)).toEqual([QUICK]);
    expect(view.private_metadata).toBe('f00');
  });

  test('begins with what is known already', () => {
    const view = form(['cluster-a', 'cluster-b'], { cluster: 'cluster-b', pod: 'shop/cart-1', name: null, node: 'x'.repeat(300) });
    expect(element(view, FIELDS.cluster).initial_option.value).toBe('cluster-b');
    expect(element(view, FIELDS.pod).initial_value).toBe('shop/cart-1');
    expect([element(view, FIELDS.name).initial_value, element(view, FIELDS.node).initial_value]).toEqual([undefined, undefined]);
    expect(faults(view)).toEqual([]);
  });

  test('of more clusters than a menu holds lets one be typed, and says how many are left out', () => {
    const view = form(names(250), { cluster: 'cluster-0200' });
    expect(element(view, FIELDS.cluster).options).toHaveLength(100);
    expect(JSON.stringify(view)).toContain('150 clusters are not in the menu: type the name');
    expect(element(view, FIELDS.typedCluster).initial_value).toBe('cluster-0200');
    expect(said(view)).toContain('Cluster (optional): [static_select]\nAnother cluster (optional)');
  });

  test('lets a name be typed that is too long for a menu', () => {
    const arn = `arn:aws:eks:eu-west-1:123456789012:cluster/${'x'.repeat(60)}`;
    const view = form(['cluster-a', arn]);
    expect(element(view, FIELDS.cluster).options).toHaveLength(1);
    expect(JSON.stringify(view)).toContain('One cluster is not in the menu');
    expect(said(form([arn]))).not.toContain('static_select');
  });

  test('for nobody says that there is nothing to check', () => {
    expect(said(form([]))).toContain('You may not check any cluster');
  });

  test('has ids that what is sent is read back by', () => {
    const blocks = Object.values(FIELDS);
    const found = (form(names(101)).blocks as any[]).map(({ block_id, element: { action_id } }) => ({
      block: block_id,
      action: action_id,
    }));
    expect(found.toSorted((a, b) => (a.block < b.block ? -1 : 1))).toEqual(blocks.toSorted((a, b) => (a.block < b.block ? -1 : 1)));
  });

  test('says what is wrong below the field that it is about', () => {
    expect(modalErrors({ pod: 'expected NAMESPACE/NAME', typedCluster: '' })).toEqual({
      pod: 'expected NAMESPACE/NAME',
      cluster_typed: 'cannot be taken',
    });
  });

  test('breaks no limit, whatever the clusters and presets are', () => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 120 }), nasty, (clusters, text) => {
        expect(faults(form(clusters, { cluster: text, pod: text, node: text, name: text }))).toEqual([]);
        expect([loadingModal(text), messageModal(text, text)].flatMap(faults)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the Home tab', () => {
  const clusters = [
    { cluster: 'cluster-a', workers: 1, waiting: 0, running: 1 },
    { cluster: 'cluster-b', workers: 0, waiting: 2, running: 0 },
  ];
  const runs = [
    { id: '0a1b2c3d4e', kind: 'check' as const, cluster: 'cluster-a', askedBy: 'U0ADA', createdAt: at, endedAt: at + 6000 },
  ].map((run) => ({ ...run, state: 'done' as const, status: 'healthy', cause: null }));

  test('shows clusters, last runs, that nothing waits for approval, and help', () => {
    const text = said(homeView({ clusters, runs, commandName: '/dns', mayCheck: ['cluster-a'] }));
    expect(text).toContain(
      '`cluster-a` · ✅ 1 worker · 1 running · 0 waiting\n`cluster-b` · ⚠️ no worker · 0 running · 2 waiting · you may only look',
    );
    expect(text).toContain('· `cluster-a` · 🟢 DNS healthy · 6.0 s · @U0ADA · run `0a1b2c3d4e`');
    expect(text).toContain('Open approvals\n(None.)');
    expect(text).toContain('| /dns check CLUSTER');
  });

  test('offers the form only to those who may check something', () => {
    const has = (mayCheck: string[]) => JSON.stringify(homeView({ clusters, runs, commandName: '/dns', mayCheck })).includes(OPEN_FORM);
    expect([has(['cluster-a']), has([])]).toEqual([true, false]);
  });

  test('of a newcomer says whom to ask', () => {
    const text = said(homeView({ clusters: [], runs: [], commandName: '/dns', mayCheck: [] }));
    expect(text).toContain('None that you may check or see. Whoever runs dns-medic gives that right');
    expect(text).toContain('No run is kept.');
  });

  test('shows what waits for approval: what, where, who asks, until when, and where to answer', () => {
    const open = { change: lives['requested']!, record: { cluster: 'cluster-a' }, address: 'https://acme.slack.com/archives/C0/p1' };
    const home = { clusters, runs, commandName: '/dns', mayCheck: [] };
    const text = said(homeView({ ...home, approvals: [open] }));
    expect(text).toContain(
      [
        'Open approvals',
        '🙋 `restore-corefile` · `cluster-a` · asked for by @U0ANA at 2026-11-23 02:04:11 UTC · until 2026-11-23 02:33:11 UTC',
        'Put the Corefile back to the text that worked until 2026-11-23 01:55 UTC.',
        '(safe · Approve or decline it in its thread [https://acme.slack.com/archives/C0/p1] · order `1a2b3c4d5e`)',
      ].join('\n'),
    );
    const many = said(homeView({ ...home, approvals: Array.from({ length: 20 }, () => ({ ...open, address: null })) }));
    expect(many).toContain('approve or decline it in its thread');
    expect(many).toContain('(and 10 more)');
  });

  test('breaks no limit, whatever the clusters, runs and orders are', () => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 200 }), nasty, fc.array(anyChange, { maxLength: 3 }), (texts, text, orders) => {
        const view = homeView({
          approvals: texts.flatMap((cluster) => orders.map((order) => ({ change: order, record: { cluster }, address: text }))),
          clusters: texts.map((cluster) => ({ ...clusters[0]!, cluster })),
          runs: texts.map((one) => ({ ...runs[0]!, id: one, cluster: one, askedBy: one, cause: one, status: one })),
          ...{ commandName: text, mayCheck: texts },
        });
        expect(faults(view)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
