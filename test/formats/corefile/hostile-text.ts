import fc from 'fast-check';

const structure = [
  '{',
  '}',
  '{',
  '}',
  '\n',
  '\n',
  '\n',
  ' ',
  ' ',
  '\r\n',
  '\r',
  '\t',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\ufeff',
  '"',
  '""',
  '\\',
  '\\"',
  '#',
  ',',
];
const words = [
  '.:53',
  'a.org',
  'log',
  'health',
  'lameduck 5s',
  'cache',
  'forward . 1.1.1.1',
  'kubernetes',
  'hosts',
  '10.0.0.0/23',
  'tls://a',
  '::1/64',
];
const special = [
  'import',
  'import s',
  'import t',
  '(s)',
  '(t)',
  '(s) {',
  '{$X}',
  '{%X%}',
  '{$',
  'import */*',
  '\ud800',
  '😀',
  '__proto__',
  'constructor',
];
const pieces = fc.array(fc.constantFrom(...structure, ...words, ...special), { maxLength: 60 });

/** Texts made of what means something to a Corefile, and some that are not. */
export const hostileText = fc.oneof(
  { weight: 4, arbitrary: pieces.map((parts) => parts.join('')) },
  { weight: 2, arbitrary: pieces.map((parts) => parts.join(' ')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);
