import { placeholders } from '../../src/report/terminal/checks.ts';

/** A text as a cell of a table has it. */
export const cell = (text: string): string => placeholders(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

/** A table in Markdown, in lines. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${heads.join(' | ')} |`,
  `| ${heads.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];
