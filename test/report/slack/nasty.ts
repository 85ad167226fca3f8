import fc from 'fast-check';

/** What somebody could write into a name, a log or a command to be seen, heard or believed in Slack. */
export const nasties: readonly string[] = [
  '<!channel> <!here> <!everyone>',
  '<@U0BOSS> <!subteam^S0ALL> <#C0SECRET>',
  '<https://evil.example|https://slack.com>',
  '<!date^0^{date}|now>',
  '&lt;!channel&gt; &amp;lt; &#60;',
  '`*bold*` _it_ ~no~ :tada: > quote',
  '``` fence ```',
  '\u202e\u2066gnihtemos\u2069',
  '\u001b[31mred\u001b[0m \u0007 \u009b2J',
  'line one\nline two\r\n\ttab\u2028sep\u2029',
  '\u{e0041}\u200b\ufeff',
  '\ud800 half',
  '👩‍👩‍👧‍👦👍🏽🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'مرحبا שלום',
  '<'.repeat(5000),
  '&'.repeat(5000),
  `${'x'.repeat(300)}\n`.repeat(10_000),
  '',
  ' ',
  '.',
];

/** Any such text, or any other. */
export const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...nasties),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.array(fc.constantFrom(...nasties.slice(0, 14)), { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')),
);
