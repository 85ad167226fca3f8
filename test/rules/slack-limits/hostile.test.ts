import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { slackProblems, viewProblems, type Surface } from '../../../src/rules/slack-limits.ts';

const TYPES = [
  'section',
  'header',
  'actions',
  'rich_text',
  'rich_text_list',
  'table',
  'plan',
  'container',
  'input',
  'image',
  'static_select',
];
const KEYS = [
  'type',
  'text',
  'elements',
  'fields',
  'accessory',
  'rows',
  'tasks',
  'child_blocks',
  'element',
  'options',
  '__proto__',
  'toString',
];

/** JSON that looks enough like blocks to get deep into the rules. */
const { block } = fc.letrec<{ block: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom<unknown>(...TYPES),
    fc.jsonValue(),
    tie('block'),
    fc.array(tie('block'), { maxLength: 4 }),
  ),
  block: fc
    .tuple(fc.constantFrom(...TYPES), fc.array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 5 }))
    .map(([type, fields]) => JSON.parse(JSON.stringify({ type, ...Object.fromEntries(fields) })) as unknown),
}));
const surfaces = fc.constantFrom<Surface>('message', 'modal', 'home');

describe('the rules of Slack messages', () => {
  test('never throw, whatever they are given, and name a place for each problem', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(block, fc.jsonValue())), fc.jsonValue(), surfaces, (blocks, text, where) => {
        const problems = slackProblems({ text, blocks }, where);
        expect(problems.every((problem) => /^(?:\/[^:]*)?: ./s.test(problem))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('never throw for views', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('modal', 'home', 'other'),
        fc.oneof(fc.array(block), fc.jsonValue()),
        fc.jsonValue(),
        (type, blocks, title) => {
          expect(Array.isArray(viewProblems({ type, blocks, title }))).toBe(true);
          expect(viewProblems(title).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('are not brought down by depth or circles', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 50_000; level += 1) deep = { type: 'section', text: [deep] };
    const circle: Record<string, unknown> = { type: 'section' };
    circle['self'] = circle;
    expect(
      slackProblems({
        blocks: [
          { type: 'divider', deep: 'x' },
          { type: 'section', text: deep },
        ],
      }),
    ).not.toEqual([]);
    expect(slackProblems({ blocks: [circle] })).not.toEqual([]);
    expect(viewProblems({ type: 'home', blocks: [deep] })).toContain(': cannot be written as JSON');
    expect(viewProblems({ type: 'home', blocks: [circle] })).toContain(': cannot be written as JSON');
  });

  test('a text is refused exactly from the first character too many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_500 }), (length) => {
        const blocks = [{ type: 'section', text: { type: 'plain_text', text: 'a'.repeat(length) } }];
        expect(slackProblems({ blocks }).length).toBe(length > 3_000 ? 1 : 0);
      }),
    );
  });
});
