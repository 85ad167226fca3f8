import { hanging, wrap } from './layout.ts';

/** The parts of a command, parted at spaces that are not in quotes; an option and its value are one. */
function parts(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"']|["'])+/g) ?? [];
  return words.reduce<string[]>((joined, word) => {
    const before = joined.at(-1);
    const isValue = before !== undefined && /^-{1,2}[a-z-]+$/.test(before) && !word.startsWith('-');
    return isValue ? [...joined.slice(0, -1), `${before} ${word}`] : [...joined, word];
  }, []);
}

/** A command in lines that a shell takes as one: broken between arguments, each line but the last ends in a backslash. */
function commandLines(command: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts(command)) {
    if (line !== '' && line.length + 1 + part.length > width - 2) {
      lines.push(`${line} \\`);
      line = `  ${part}`;
    } else line = line === '' ? part : `${line} ${part}`;
  }
  return [...lines, line];
}

/** A next step: prose wrapped, a command after its colon on lines of its own when it does not fit, so that it can be copied. */
export function stepLines(
  step: string,
  { width, lead, paint }: { width: number; lead: string; paint: (command: string) => string },
): string[] {
  const indent = ' '.repeat(lead.length);
  const found = /^(.{0,400}?): (kubectl .+)$/.exec(step);
  const [, prose = '', command = ''] = found ?? [];
  if (found === null) return hanging(step, { width, lead });
  if (lead.length + step.length <= width) return [`${lead}${prose}: ${paint(command)}`];
  const said = wrap(`${prose}:`, width - lead.length).map((line, index) => `${index === 0 ? lead : indent}${line}`);
  return [...said, ...commandLines(command, width - lead.length).map((line) => `${indent}${paint(line)}`)];
}
