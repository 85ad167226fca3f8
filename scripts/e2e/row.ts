/** What came of one thing that was tried. */
export interface Row {
  fault: string;
  expected: string;
  found: string;
  seconds: number;
  wrong: string[];
}

const line = ({ fault, expected, found, seconds, wrong }: Row): string =>
  `${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${fault.padEnd(42)} ${expected.padEnd(40)} ${found.padEnd(40)} ${seconds.toFixed(1).padStart(5)} s${wrong.length === 0 ? '' : `  ${wrong.join('; ')}`}`;

/** Prints it, and gives it back. */
export const say = (row: Row): Row => {
  process.stdout.write(`${line(row)}\n`);
  return row;
};
