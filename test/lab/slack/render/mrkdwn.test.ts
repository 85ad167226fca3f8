import { describe, expect, test } from '@jest/globals';
import { columns, wrap } from '../../../../src/lab/slack/render/lines.ts';
import { readMrkdwn } from '../../../../src/lab/slack/render/mrkdwn.ts';
import { labSeed } from '../../../../src/lab/slack/world/seed.ts';
import { createWorld } from '../../../../src/lab/slack/world/world.ts';

const world = createWorld(labSeed());

describe('mrkdwn as a person reads it', () => {
  test.each([
    ['<@U0ANA> asked in <#C0INCIDENTS>', '@ana asked in #incidents'],
    ['<@U9> in <#C9|somewhere>', '@U9 in #somewhere'],
    ['<!subteam^S0SRE>, look', '@sre, look'],
    ['<!here> look', '@here (everyone is called) look'],
    ['<!date^1790000000^{time_secs}|10:42:07 UTC>', '10:42:07 UTC'],
    ['<https://example.com|the docs>', 'the docs (https://example.com)'],
    ['<https://example.com>', 'https://example.com'],
    ['*bold* and ~gone~, but 2*3*4 stays', 'bold and gone, but 2*3*4 stays'],
    [':white_check_mark: fine :no_such_thing:', '✅ fine :no_such_thing:'],
    ['a &lt; b &amp;&amp; c', 'a < b && c'],
  ])('%s', (sent, read) => {
    expect(readMrkdwn(world, sent)).toBe(read);
  });

  test('what was escaped is no mention and no link', () => {
    expect(readMrkdwn(world, '&lt;!channel&gt; &lt;https://evil|ok&gt;')).toBe('<!channel> <https://evil|ok>');
    expect(readMrkdwn(world, '&amp;lt;!channel&amp;gt;')).toBe('&lt;!channel&gt;');
  });
});

describe('lines', () => {
  test('are broken between words', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  test('keep what belongs to the front of them', () => {
    expect(wrap('  • one two three', 11)).toEqual(['  • one two', '    three']);
  });

  test('a word that is too long stands alone, and line ends stay', () => {
    expect(wrap('a\n\nabcdefghijkl b', 5)).toEqual(['a', '', 'abcdefghijkl', 'b']);
  });

  test('wide signs take two columns, and marks on others none', () => {
    expect(['✅', 'é', 'e\u0301', '日本', '⚠️'].map(columns)).toEqual([2, 1, 1, 4, 1]);
  });
});
