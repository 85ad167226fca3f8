import fc from 'fast-check';
import type { Exchange, LatencyPicture } from '../../src/pictures/latency.ts';
import type { Hop, Leg, WayPicture, WaysPicture } from '../../src/pictures/way.ts';

/** What a cluster could send: any Unicode, controls, marks of direction, markup, halves of characters, very long. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 200 }),
  fc.constantFrom(
    '',
    ' ',
    '</text><script>alert(1)</script>',
    '"/><image href="http://example.com/x.png"/>',
    ']]><!ENTITY x SYSTEM "file:///etc/passwd">&x;',
    '\u202egnp.exe\u2066\u200b\ufeff',
    '\ud800 half',
    '\u0000\u001b[31mred\u0085\u009b',
    'e\u0301\u0301\u0301 zalgo',
    '😀👩‍👩‍👧‍👦 日本語 עברית',
    'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW',
    'w '.repeat(3000),
    'x'.repeat(100_000),
  ),
);

const count = fc.option(fc.oneof(fc.nat(50), fc.nat(), fc.double(), fc.integer()), { nil: null });

const hop: fc.Arbitrary<Hop> = fc.record({
  kind: fc.constantFrom('client', 'client-node', 'service', 'network', 'server-node', 'server', 'upstream'),
  label: hostile,
  detail: hostile,
});

const leg: fc.Arbitrary<Leg> = fc
  .record({
    from: fc.integer({ min: -1, max: 8 }),
    direction: fc.constantFrom<Leg['direction']>('request', 'reply'),
    sent: count,
    arrived: count,
    state: fc.constantFrom<Leg['state']>('ok', 'lost', 'partly', 'refused', 'not-reached', 'not-seen'),
  })
  .map((made) => ({ ...made, to: made.from + (made.direction === 'request' ? 1 : -1) }));

export const way: fc.Arbitrary<WayPicture> = fc.record({
  title: hostile,
  verdict: hostile,
  outcome: fc.constantFrom('ok', 'lost', 'unanswered', 'refused', 'slow', 'unknown'),
  hops: fc.array(hop, { maxLength: 9 }),
  legs: fc.array(leg, { maxLength: 20 }),
  stoppedAt: fc.option(
    fc.record({ at: fc.constantFrom<'hop' | 'leg'>('hop', 'leg'), index: fc.integer({ min: -1, max: 20 }), word: hostile }),
    { nil: null },
  ),
});

export const waysPicture: fc.Arbitrary<WaysPicture> = fc.record({
  title: hostile,
  verdict: hostile,
  ways: fc.array(way, { maxLength: 9 }),
});

const time = fc.oneof(fc.double({ min: 0, max: 60_000, noNaN: true }), fc.double());

const exchange: fc.Arbitrary<Exchange> = fc.record({ atMs: time, latencyMs: fc.option(time, { nil: null }) });

export const latencyPicture: fc.Arbitrary<LatencyPicture> = fc.record({
  title: hostile,
  verdict: hostile,
  lengthMs: time,
  exchanges: fc.array(exchange, { maxLength: 100 }),
  p50Ms: fc.option(time, { nil: null }),
  p95Ms: fc.option(time, { nil: null }),
});
