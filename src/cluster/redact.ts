/** What stands where a secret was. A text that holds it must never be written back to a cluster. */
export const REDACTED = '[redacted]';

/**
 * Cheap question asked first of every text: could there be a secret in it at all? One pass; nearly every text of a cluster says no.
 * Every pattern below must be reachable through one of these words.
 */
const HINT =
  /PRIVATE KEY-----|(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}|eyJ[A-Za-z0-9_-]{8}|bearer\s|authorization|:\/\/[^\s/@]{1,300}@|passw|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential/i;

const KEY_WORD = String.raw`(?:passw(?:or)?d|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)`;

/** Order matters: whole blocks first, then values that are told by their shape, then values that are told by their name. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, REDACTED],
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}(?:\.[A-Za-z0-9_-]{0,2048})?/g, REDACTED],
  [/(authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:basic|bearer|token|negotiate)\s{1,4})?)[^\s"',]{6,}/gi, `$1${REDACTED}`],
  [/(\bbearer\s{1,4})(?!token\b)[A-Za-z0-9._~+/=-]{8,}/gi, `$1${REDACTED}`],
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, REDACTED],
  [/(:\/\/[^\s/@:]{0,150}:)[^\s/@]{1,150}@/g, `$1${REDACTED}@`],
  // CoreDNS' route53 and etcd plugins take credentials as plain words.
  [/(\baws_access_key[ \t]{1,8}\S{1,128}[ \t]{1,8})\S{1,256}/g, `$1${REDACTED}`],
  [/(^[ \t]{0,64}credentials[ \t]{1,8}\S{1,128}[ \t]{1,8})\S{1,256}/gm, `$1${REDACTED}`],
  [new RegExp(String.raw`(${KEY_WORD}[A-Za-z0-9_-]{0,24}\\?["']?\s{0,4}[:=]\s{0,4})(\\?["'])[^"'\\\n]{1,4096}`, 'gi'), `$1$2${REDACTED}`],
  [new RegExp(String.raw`(${KEY_WORD}[A-Za-z0-9_-]{0,24}=)(?!\[redacted)[^\s"'\\,;&)}\]]{1,4096}`, 'gi'), `$1${REDACTED}`],
  // `token: value` only where the value ends the line: prose ("*v1.Secret: secrets is forbidden") goes on.
  [
    new RegExp(
      String.raw`(${KEY_WORD}[A-Za-z0-9_-]{0,24}:[ \t]{1,8})(?!(?:true|false|null)\b)[^\s"'\\,;&)}{[\]]{4,4096}(?=[ \t]{0,8}(?:[\r\n,;}]|$))`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
];

/** The text with bearer tokens, JWTs, AWS keys, `password=` pairs, private keys and the passwords of URLs taken out. Linear in its length. */
export function redact(text: string): string {
  if (!HINT.test(text)) return text;
  let clean = text;
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
  return clean;
}

/** One line for a message: no line breaks or control characters, no secrets, at most `limit` characters. */
export function oneLine(text: string, limit = 300): string {
  const flat = redact(text.slice(0, limit * 4))
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat;
}
