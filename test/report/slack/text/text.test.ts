import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { messageOf } from '../../../../src/report/slack/text/compose.ts';
import { escape, escaped, indentedLine, oneLine, weightOf } from '../../../../src/report/slack/text/escape.ts';
import { bullets, listing, prose, stepList } from '../../../../src/report/slack/text/parts.ts';
import { pieces, preformatted } from '../../../../src/report/slack/text/preformatted.ts';
import { stepOf } from '../../../../src/report/slack/text/steps.ts';
import {
  bold,
  channel,
  dayOf,
  group,
  joined,
  link,
  listed,
  name,
  nothing,
  ours,
  timeOf,
  user,
  words,
} from '../../../../src/report/slack/text/words.ts';
import { markupFaults } from '../faults.ts';
import { at } from '../made.ts';
import { nasty } from '../nasty.ts';
import { shown } from '../shown.ts';

describe('somebody else’s text', () => {
  test('is escaped once, on one line, and cut where it is too heavy', () => {
    expect(escaped('<!channel> & co\nnext', 100)).toBe('&lt;!channel&gt; &amp; co next');
    expect(escaped('<<<<<<<<<<', 13)).toBe('&lt;&lt;&lt;…');
    expect(escaped('&lt;', 100)).toBe('&amp;lt;');
    expect(oneLine('abcdef', 6)).toBe('abcdef');
    expect(oneLine('abcdefg', 6)).toBe('abcde…');
  });

  test('weighs what it is long when escaped, and never more than allowed', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 600 }), (text, max) => {
        expect(weightOf(text)).toBe(escape(text).length);
        for (const said of [oneLine(text, max), indentedLine(text, max + 40)]) expect(said.isWellFormed()).toBe(true);
        expect(escaped(text, max).length).toBeLessThanOrEqual(max);
        expect(weightOf(indentedLine(`      ${text}`, max + 40))).toBeLessThanOrEqual(max + 40);
        expect(markupFaults(escaped(text, max))).toEqual([]);
      }),
    );
  });

  test('keeps its indentation where that means something', () => {
    expect(indentedLine('    - a: 1\t', 100)).toBe('    - a: 1');
  });
});

describe('words', () => {
  test('put others between ours, with markup and without', () => {
    expect(words`${bold(ours('Run'))} ${name('<a>`b`')} of ${3}`).toEqual({
      mrkdwn: "*Run* `&lt;a&gt;'b'` of 3",
      text: "Run &lt;a&gt;'b' of 3",
    });
    expect(name('').mrkdwn).toBe('`?`');
  });

  test('mention only what has the form of an id', () => {
    expect([user('U0ADA'), user('W0ADA'), group('S0SRE'), channel('C0OPS')].map(({ mrkdwn }) => mrkdwn)).toEqual([
      '<@U0ADA>',
      '<@W0ADA>',
      '<!subteam^S0SRE>',
      '<#C0OPS>',
    ]);
    expect([user('U0|x'), user('channel'), group('here'), channel('C0>')].map(({ mrkdwn }) => mrkdwn)).toEqual([
      '`U0|x`',
      '`channel`',
      '`here`',
      '`C0&gt;`',
    ]);
  });

  test('tell times in the reader’s zone, with UTC for those who have none', () => {
    expect(timeOf(at)).toEqual({ mrkdwn: '<!date^1795399384^{time_secs}|02:03:04 UTC>', text: '02:03:04 UTC' });
    expect(dayOf(at).mrkdwn).toBe('<!date^1795399384^{date_short_pretty} {time_secs}|2026-11-23 02:03:04 UTC>');
    for (const ms of [-1, 0, 1e300, 8.64e15]) expect(markupFaults(timeOf(ms).mrkdwn)).toEqual([]);
  });

  test('join what is there, and count what is too much', () => {
    expect(joined([ours('a'), nothing, ours('b')], ' · ').text).toBe('a · b');
    expect(listed([ours('a'), ours('b'), ours('c')], 2).text).toBe('a, b and 1 more');
  });

  test('link only to the web', () => {
    expect(link('https://a.example/x?y=1&z=2', 'the <thread>').mrkdwn).toBe('<https://a.example/x?y=1&amp;z=2|the &lt;thread&gt;>');
    expect(link('javascript:x', 'the thread').mrkdwn).toBe('the thread');
  });
});

describe('lines of fixed width', () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);

  test('are cut from the end, and that is said', () => {
    expect(preformatted(lines, { mostLines: 3 })).toBe('line 0\nline 1\nline 2\n… 47 lines cut');
    expect(preformatted(lines.slice(0, 4), { mostLines: 3 })).toContain('… 1 line cut');
    expect(preformatted(['<'.repeat(90), '<'.repeat(90)], { heaviest: 400 })).toBe(`${'<'.repeat(90)}\n… 1 line cut`);
  });

  test('are parted between lines, and what is left is counted', () => {
    const { pieces: parts, left } = pieces(lines, 100, 3);
    expect(parts.flat()).toEqual(lines.slice(0, 50 - left));
    expect(parts).toHaveLength(3);
    expect(left).toBeGreaterThan(0);
    expect(pieces(lines, 1000, 3)).toEqual({ pieces: [lines], left: 0 });
  });
});

describe('a next step', () => {
  test('is prose and the command at its end', () => {
    expect(stepOf('Check it: kubectl get pods')).toEqual({ prose: 'Check it:', command: 'kubectl get pods' });
    expect(stepOf('On EKS: install it: aws eks create-addon')).toEqual({ prose: 'On EKS: install it:', command: 'aws eks create-addon' });
    expect(stepOf('Do nothing: it heals')).toEqual({ prose: 'Do nothing: it heals', command: null });
  });

  test('is numbered among others, and counted when there are too many', () => {
    const steps = Array.from({ length: 14 }, (_, index) => ({ prose: `Do ${index}`, command: `kubectl ${index}` }));
    expect(shown({ blocks: [stepList('What to do', steps).block] })).toMatch(/10\. Do 9\n {4}\| kubectl 9\nand 4 more$/);
    expect(stepList('Do first', steps.slice(0, 1)).text).toBe('Do first:\nDo 0 kubectl 0');
  });

  test('has as much room as a message has, and no more', () => {
    const steps = Array.from({ length: 10 }, () => ({ prose: 'Do it:', command: '&'.repeat(1000) }));
    expect(weightOf(stepList('What to do', steps).text)).toBeLessThan(25_000);
    expect(stepList('What to do', steps).text).toContain('and 8 more');
  });
});

describe('the text of a message', () => {
  const long = listing(
    'Proof',
    Array.from({ length: 30 }, () => 'x'.repeat(90)),
  );

  test('says all that the blocks say', () => {
    const message = messageOf([prose('a <b>'), bullets('Also', ['c', 'd'], 5), listing('Proof', ['e'])]);
    expect(message.text).toBe('a &lt;b&gt;\nAlso:\n- c\n- d\nProof:\ne');
  });

  test('says the longest parts in short where there is no room, and the sentence always', () => {
    const { text, blocks } = messageOf([prose('What is wrong'), long, stepList('What to do', [{ prose: 'Mend it', command: null }]), long]);
    expect(text).toBe(
      [
        'What is wrong',
        `Proof:\n${Array.from({ length: 30 }, () => 'x'.repeat(90)).join('\n')}`,
        'What to do:\nMend it',
        'Proof: see the message',
      ].join('\n'),
    );
    expect(blocks).toHaveLength(4);
  });

  test('is cut between lines in the end', () => {
    const { text } = messageOf(Array.from({ length: 20 }, () => prose('&'.repeat(150))));
    expect(text.length).toBeLessThanOrEqual(3500);
    expect(text).toMatch(/…\n… \(the rest is in the message\)$/);
    expect(markupFaults(text)).toEqual([]);
  });
});
