import { describe, expect, test } from '@jest/globals';
import { asTyped } from '../../../src/lab/slack/people/typed.ts';
import { labSeed } from '../../../src/lab/slack/world/seed.ts';
import { createWorld } from '../../../src/lab/slack/world/world.ts';

const world = createWorld(labSeed());

describe('what a client makes of what a person types', () => {
  test.each([
    ['check cluster-a', 'check cluster-a'],
    ['a < b & c > d', 'a &lt; b &amp; c &gt; d'],
    ['<!channel> hello', '&lt;!channel&gt; hello'],
    ['@channel hello', '<!channel> hello'],
    ['@nobody hello', '@nobody hello'],
    ['ask @ana and @sre in #incidents', 'ask <@U0ANA> and <!subteam^S0SRE|@sre> in <#C0INCIDENTS|incidents>'],
    ['in #war-room', 'in <#C0WAR|>'],
    ['name=amazon.com', 'name=<http://amazon.com|amazon.com>'],
    ['see https://example.com/a?b=1 there', 'see <https://example.com/a?b=1> there'],
    ['check cluster-a.prod', 'check cluster-a.prod'],
  ])('in a message: %s', (typed, sent) => {
    expect(asTyped(world, typed, 'message')).toBe(sent);
  });

  test.each([
    ['check cluster-a name=amazon.com', 'check cluster-a name=amazon.com'],
    ['status @ana', 'status <@U0ANA|ana>'],
    ['check https://example.com', 'check <https://example.com>'],
  ])('in a command: %s', (typed, sent) => {
    expect(asTyped(world, typed, 'command')).toBe(sent);
  });
});
