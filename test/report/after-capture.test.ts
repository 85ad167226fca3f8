import { describe, expect, test } from '@jest/globals';
import { LOOKS } from '../../src/domain/remedy-id.ts';
import type { NoPlan } from '../../src/domain/plan.ts';
import { remedies } from '../../src/remedies/registry.ts';
import { noneMessage } from '../../src/report/slack/thread/change/none.ts';
import { plain } from '../../src/report/terminal/palette.ts';
import { actResultText } from '../../src/report/terminal/plan.ts';
import { terminalReport } from '../../src/report/terminal/report.ts';
import { finding, readings, report } from './made.ts';
import { change, lives, noPlan, plan, sight } from './orders.ts';
import { record } from './slack/made.ts';
import { ordered, orderMessages, saidIn } from './slack/ordered.ts';

const captured = lives['captured']!;
const verdict = { status: 'broken' as const, cause: 'dns-request-lost', sentence: '20 of 20 queries from a to b are lost between the two' };
const said = 'With this the check says: 20 of 20 queries from a to b are lost between the two (dns-request-lost).';
const withVerdict = { ...captured, result: { ...captured.result!, after: sight(), verdict } };
const style = { width: 200, palette: plain };

describe('after a capture', () => {
  test('the end says what the check says with it, and compares no looks', () => {
    const text = saidIn('change-0-end', orderMessages(ordered([withVerdict])));
    expect(text).toContain(said);
    expect(text).not.toMatch(/Before → after|nothing to prove/);
    const terminal = actResultText(withVerdict.result, plan(), style);
    expect(terminal).toContain(said);
    expect(terminal).not.toMatch(/before {2}|nothing to prove/);
  });

  test.each([null, undefined])('where the check says nothing new (%s), nor is anything said', (none) => {
    const { verdict: _verdict, ...rest } = withVerdict.result;
    const result = none === undefined ? rest : { ...rest, verdict: none };
    expect(saidIn('change-0-end', orderMessages(ordered([{ ...withVerdict, result }])))).not.toContain('the check says');
    expect(actResultText(result, plan(), style)).not.toContain('the check says');
  });
});

describe('what only looks', () => {
  test('are the remedies that change nothing', () => {
    expect(remedies.filter(({ changesNothing }) => changesNothing === true).map(({ id }) => id)).toEqual(LOOKS);
  });

  test('is not called a remedy that mends', () => {
    const both = finding({
      remedies: [
        { id: 'delete-coredns-pod', params: {} },
        { id: 'capture-packets', params: {} },
      ],
    });
    const broken = report({
      verdict: { status: 'broken', cause: both.code, causes: [both.code], sentence: both.title },
      findings: [both],
    });
    const text = terminalReport(broken, readings(), style);
    expect(text).toContain('can be mended by: delete-coredns-pod\n');
    expect(text).toContain('more is shown by: capture-packets\n');
  });

  test('is offered as such', () => {
    const offer = change({ plan: plan({ remedy: 'capture-packets', proves: [], effect: { withinMs: 0, why: 'it only looks' } }) });
    expect(saidIn('change-0', orderMessages(ordered([offer])))).toMatch(/^🔎 \*More can be seen\*/);
  });

  test('and may not be: whoever asked is told how the rights are given, and not to give those for changes', () => {
    const next = ['Apply deploy/components/capture.'];
    const none: NoPlan = noPlan({
      remedy: 'capture-packets',
      why: 'rights',
      says: 'this worker may only read here',
      next,
      offers: [],
      allow: [],
    });
    const run = record();
    const asked = { ...run, request: { ...run.request, remedy: { id: 'capture-packets', params: {} } } };
    const text = noneMessage([none], asked)?.text ?? '';
    expect(text).toContain('deploy/components/capture');
    expect(text).not.toContain('deploy/components/remedies');
  });
});
