import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Change } from '../../../../../src/domain/change.ts';
import { threadOf } from '../../../../../src/report/slack/thread.ts';
import { anyChange, anyNoPlan, anyTerms } from '../../../any-order.ts';
import { actResult, lives, noPlan, plan, restartPlan, summary, terms, yes } from '../../../orders.ts';
import { faultsOf } from '../../faults.ts';
import { statusMessage } from '../../../../../src/report/slack/replies/status.ts';
import { at, inChannel, request, step } from '../../made.ts';
import { nasties, nasty } from '../../nasty.ts';
import { ordered } from '../../ordered.ts';

const RUNS = 80;

const faults = (run: ReturnType<typeof ordered>, around = {}): string[] =>
  threadOf(run, inChannel, { workers: 1, now: at, ...around }).flatMap((message) =>
    faultsOf(message).map((fault) => `${message.slot}: ${fault}`),
  );

/** An order in which the same text stands everywhere, as often as there is room for. */
function fullOf(text: string, like: Change): Change {
  const texts = Array.from({ length: 40 }, (_, index) => `${text}${index}`);
  const sight = { at, status: 'broken' as const, causes: texts, checks: Object.fromEntries(texts.map((code) => [code, 'found'])) };
  const queries = summary({
    clients: texts.map((address) => ({ address, pod: address, queries: 1e9 })),
    names: texts.map((name) => ({ name, type: name, queries: 1e9 })),
    rcodes: Object.fromEntries(texts.map((code) => [code, 1e9])),
    slow: texts.map((name) => ({ name, type: name, rcode: name, ms: 1e9 })),
    errors: texts.map((message) => ({ message, count: 1e9 })),
  });
  const owner = { manager: 'helm' as const, takesBack: text, durable: texts };
  const ref = { apiVersion: text, kind: text, namespace: text, name: text };
  const result = actResult({
    says: text,
    next: texts.map((one) => `Do ${one}: kubectl ${one}`),
    before: sight,
    after: sight,
    queries,
    lines: texts,
  });
  return {
    ...like,
    plan: plan({
      ...{ remedy: text, summary: text, helps: text, warnings: texts, undo: text, proves: texts },
      objects: texts.map(() => ({ object: ref, does: 'change' as const, diff: texts, owner })),
      pods: texts.map((name) => ({ namespace: text, name, uid: name, node: name })),
    }),
    requested: like.requested === null ? null : yes(text, 0),
    reason: text,
    approvals: like.approvals.length === 0 ? [] : texts.map((user) => yes(user, 0)),
    declinedBy: like.declinedBy === null ? null : text,
    why: like.why === null ? null : text,
    undoneBy: like.undoneBy === null ? null : text,
    result: like.result === null ? null : { ...like.result, ...result, outcome: like.result.outcome, proof: like.result.proof },
    undoResult: like.undoResult === null ? null : { ...like.undoResult, ...result, outcome: like.undoResult.outcome },
  };
}

describe('the messages of orders', () => {
  test('break no limit and throw never, whatever an order holds that fits its schema', () => {
    fc.assert(
      fc.property(
        fc.array(anyChange, { maxLength: 3 }),
        fc.array(anyNoPlan, { maxLength: 12 }),
        fc.option(anyTerms),
        fc.array(nasty, { maxLength: 70 }),
        (changes, none, asked, texts) => {
          const steps = texts.map((title, index) =>
            step({ title, reason: title, state: (['running', 'ok', 'failed', 'pending'] as const)[index % 4]! }),
          );
          const run = ordered(
            changes.map((one) => ({ ...one, steps })),
            none.map((one) => ({ id: null, none: one })),
          );
          const byName = { ...run, request: request({ remedy: { id: none[0]?.remedy ?? '', params: {} } }) };
          expect(faults(byName, { terms: () => asked })).toEqual([]);
          expect(faultsOf(statusMessage(byName))).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  }, 120_000);

  test.each(nasties.map((text) => [JSON.stringify(text.slice(0, 30)), text]))(
    "that are full of somebody's text break none: %s",
    (_name, text) => {
      const asked = terms({ frozen: { says: text, until: null }, mayApprove: { users: [text], groups: [text], channels: [text] } });
      const none = Array.from({ length: 20 }, () => ({
        id: null,
        none: noPlan({ remedy: text, says: text, next: [text, text], allow: [text] }),
      }));
      const run = { ...ordered([], none), askedBy: text, request: request({ remedy: { id: text, params: {} } }) };
      expect(faults(run)).toEqual([]);
      for (const like of Object.values(lives)) {
        const changes = [fullOf(text, like)];
        const given = like.state === 'proposed' || like.state === 'requested' ? [asked, { ...asked, frozen: null }] : [asked];
        for (const one of given) expect(faults({ ...run, changes }, { terms: () => one })).toEqual([]);
      }
    },
  );

  test.each(nasties.slice(0, 4))('call nobody who is not concerned: %s', (text) => {
    const asked = terms({ mayApprove: { users: [text, 'U0BEN'], groups: [text], channels: [text] } });
    const mentions = Object.values(lives).flatMap((like) =>
      threadOf(ordered([fullOf(text, like)]), inChannel, { workers: 1, now: at, terms: () => asked }).flatMap(({ text: said }) =>
        [...said.matchAll(/<[@!#]\w+/g)].map(([mention]) => mention),
      ),
    );
    expect(new Set(mentions)).toEqual(new Set(['<@U0ADA', '<@U0BEN']));
  });

  test('never carry what only the remedy reads', () => {
    const secret = { plan: restartPlan({ data: { text: 'for the remedy alone' } }) };
    const all = Object.values(lives).map((one) => ({ ...one, ...secret }));
    expect(JSON.stringify(all.flatMap((one) => threadOf(ordered([one]), inChannel, { workers: 1, now: at })))).not.toContain(
      'for the remedy alone',
    );
  });
});
