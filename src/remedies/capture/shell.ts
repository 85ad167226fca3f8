/** A text as one word of a shell, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What scripts print for us begins so; then a point, a word and a text. */
const MARK = '@@dns-medic';

/** For the beginning of each script: what is said of a point, on one line. */
export const SAY = `say() { printf '${MARK} %s %s %s\\n' "$1" "$2" "$(printf %s "$3" | tr '\\r\\n\\t' '   ' | cut -c1-300)"; }`;

/** What a script says of a point. */
export interface Said {
  point: string;
  word: string;
  text: string;
}

const LINE = /^@@dns-medic ([a-z0-9]{1,10}) ([a-z]{1,20}) ?(.{0,400})$/;
const MOST_LINES = 1_000;

/** What a script said, in order. What other programs print beside it is left out. */
export function saidIn(text: string): Said[] {
  const said: Said[] = [];
  for (const line of text.split('\n', MOST_LINES)) {
    const [, point, word, rest] = LINE.exec(line) ?? [];
    if (point !== undefined && word !== undefined) said.push({ point, word, text: (rest ?? '').trim() });
  }
  return said;
}
