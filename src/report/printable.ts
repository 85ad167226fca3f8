/**
 * What must not reach a terminal as it is: control characters (C0, C1, DEL), line and paragraph separators, marks that turn the direction of
 * text or are not seen at all, and the invisible tag characters.
 */
// oxlint-disable-next-line no-control-regex
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\u{e0000}-\u{e007f}]+/gu;

/** One line of text that a terminal can show: what is hidden becomes a space, the rest is cut at `max` characters. */
export function printable(text: string, max = 2000): string {
  const bounded = text.length > max * 2 ? text.slice(0, max * 2) : text;
  const plain = bounded.toWellFormed().replace(hidden, ' ').trim();
  // a character of two halves is not cut in two
  return plain.length > max ? `${plain.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…` : plain;
}
