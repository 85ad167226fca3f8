import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditLine } from '../../src/domain/audit.ts';
import { auditText } from '../../src/report/terminal/audit.ts';
import { ansi, plain } from '../../src/report/terminal/palette.ts';
import { actResultText, noPlanText, planText } from '../../src/report/terminal/plan.ts';
import { remediesText } from '../../src/report/terminal/remedies.ts';
import { anyNoPlan, anyPlan, anyResult } from './any-order.ts';
import { expectGolden } from './golden.ts';
import { actResult, lives, logPlan, madeAt, noPlan, plan, restartPlan, sight, summary } from './orders.ts';
import { nasty } from './slack/nasty.ts';

const style = { width: 100, palette: plain };
const owner = {
  manager: 'eks-addon' as const,
  takesBack: 'the next update of the add-on writes its own Corefile',
  durable: ['aws eks update-addon --cluster-name cluster-a --addon-name coredns \\', '  --configuration-values \'{"corefile": "…"}\''],
};
const owned = plan({ objects: plan().objects.map((one) => ({ ...one, owner })) });

const audited = (over: Partial<AuditLine>): AuditLine => ({
  ...{ at: madeAt, actor: { kind: 'person' as const, id: 'U0ANA' }, action: 'requested' as const, cluster: 'cluster-a' },
  ...{ change: '1a2b3c4d5e6f708192a3b4c5d6e7f809', remedy: 'restore-corefile', run: '0a1b2c3d4e', digest: 'd1'.repeat(32) },
  ...{
    details: { reason: 'checkout fails', people: 2, approved: false, nothing: null },
    seq: 1,
    previous: '0'.repeat(64),
    hash: 'f'.repeat(64),
  },
  ...over,
});

describe('for somebody at a terminal', () => {
  test('plans, results, remedies and the audit read well', () => {
    const unsafe = noPlan({
      remedy: 'restart-coredns',
      why: 'unsafe',
      says: 'only one pod is ready',
      next: ['Scale first: kubectl -n kube-system scale deployment coredns --replicas=2'],
    });
    const rights = noPlan({
      why: 'rights',
      says: 'this worker may only read here',
      next: [],
      allow: ['- {apiGroups: [apps], resources: [deployments], verbs: [patch]}'],
    });
    const listed = (id: string, risk: 'safe' | 'disruptive', here: Parameters<typeof remediesText>[0][number]['here']) => ({
      ...{ id, title: `Title of ${id}`, helps: 'When it is broken.', risk, here },
      paramHelp: id === 'scale-coredns' ? { replicas: 'how many pods there are to be' } : {},
    });
    const texts: Record<string, string> = {
      'a plan': planText(owned, style),
      'a plan with pods': planText(restartPlan(), style),
      'a plan that ends by itself': planText(logPlan(), style),
      'no plan': noPlanText({ ...unsafe, offers: [{ id: 'scale-coredns', params: {} }] }, style),
      'no rights': noPlanText(rights, style),
      fixed: actResultText(actResult(), owned, style),
      'no change': actResultText(
        actResult({ proof: 'no-change', after: sight(), next: ['Look at the upstream: dig @10.0.0.2 amazon.com'] }),
        plan(),
        style,
      ),
      refused: actResultText(
        actResult({
          outcome: 'refused',
          says: 'the Corefile was changed since it was planned',
          proof: 'none',
          before: null,
          after: null,
          undoable: false,
        }),
        plan(),
        style,
      ),
      'not undone': actResultText(lives['not undone']!.undoResult!, plan(), style, 'undo'),
      'a query log, summed up': actResultText(
        actResult({ proof: 'none', before: null, after: null, queries: summary() }),
        logPlan(),
        style,
        'undo',
      ),
      remedies: remediesText(
        [
          listed('restore-corefile', 'safe', plan()),
          listed('scale-coredns', 'safe', noPlan()),
          listed('restart-coredns', 'disruptive', null),
        ],
        style,
      ),
      audit: auditText(
        [
          audited({}),
          audited({ seq: 2, action: 'approved', actor: { kind: 'person', id: 'U0BEN' }, details: {} }),
          audited({
            seq: 3,
            action: 'wrote',
            actor: { kind: 'worker', id: 'aaaaaaaaaa' },
            details: { object: 'ConfigMap kube-system/coredns', how: 'patched', resourceVersion: '4711' },
          }),
          audited({
            seq: 4,
            action: 'chain-restarted',
            actor: { kind: 'bot', id: 'audit' },
            cluster: '',
            change: null,
            remedy: null,
            run: null,
            details: { lostLine: 3 },
          }),
        ],
        style,
      ),
    };
    expectGolden(
      'changes',
      Object.entries(texts)
        .map(([title, text]) => `===== ${title}\n${text}`)
        .join('\n'),
    );
  });

  test('what comes is green and what goes is red', () => {
    const text = planText(plan(), { width: 100, palette: ansi });
    expect(text).toContain('\u001b[31m-     forward . 192.0.2.1\u001b[39m');
    expect(text).toContain('\u001b[32m+     forward . /etc/resolv.conf\u001b[39m');
  });

  test('nothing of a diff is left out, nor its indentation', () => {
    const diff = Array.from({ length: 3000 }, (_, index) => `+ ${' '.repeat(index % 60)}line ${index}`);
    const lines = planText(plan({ objects: [{ ...plan().objects[0]!, diff: [...diff, '-\tforward . 192.0.2.1'] }] }), style).split('\n');
    for (const line of diff) expect(lines).toContain(`  ${line}`);
    expect(lines).toContain('  -    forward . 192.0.2.1');
  });
});

const hidden =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\u{e0000}-\u{e007f}]/u;

describe('text of others', () => {
  test('cannot move the cursor, hide or turn anything in what a terminal shows', () => {
    fc.assert(
      fc.property(
        anyPlan,
        anyNoPlan,
        anyResult,
        nasty,
        fc.constantFrom('apply' as const, 'undo' as const),
        (planned, none, result, text, act) => {
          const listed = { id: text, title: text, helps: text, risk: 'safe' as const, paramHelp: { [text]: text } };
          const line = audited({
            actor: { kind: 'person', id: text },
            cluster: text,
            change: text,
            remedy: text,
            run: text,
            details: { [text]: text, list: [text, text] },
            at: 9e15,
          });
          const texts = [
            planText(planned, style),
            noPlanText(none, style),
            actResultText(result, planned, style, act),
            remediesText(
              [
                { ...listed, here: planned },
                { ...listed, here: none },
              ],
              style,
            ),
            auditText([line], style),
          ];
          for (const one of texts) expect(hidden.exec(one)?.[0]).toBeUndefined();
        },
      ),
      { numRuns: 80 },
    );
  }, 60_000);
});
