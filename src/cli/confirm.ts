import { createInterface } from 'node:readline';
import { UsageError } from '../base/failure.ts';

/** Who is asked, and how. */
export interface Question {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream & { isTTY?: boolean };
  /** What is about to be done: "Carry it out" */
  what: string;
  /** The cluster's name, where it must be typed; null: `yes` is enough. */
  typeName: string | null;
  /** `--yes` was said, and this name with `--type-name`. */
  yes: boolean;
  typedName: string | undefined;
}

const LONGEST_ANSWER = 500;

/** The line that somebody types; empty when there is no more, or on Ctrl-C. */
function typedLine({ input, output }: Question, prompt: string): Promise<string> {
  const reader = createInterface({ input, output, terminal: output.isTTY === true });
  return new Promise((resolve) => {
    const end = (line: string): void => {
      resolve(line.slice(0, LONGEST_ANSWER).trim());
      reader.close();
    };
    reader.once('line', end);
    reader.once('SIGINT', () => end(''));
    reader.once('close', () => resolve(''));
    reader.setPrompt(prompt);
    reader.prompt();
  });
}

/** What was said on the command line is enough; null: it does not say yes. Throws a UsageError where the name is lacking or wrong. */
function saidBefore({ typeName, yes, typedName }: Question): true | null {
  if (typedName !== undefined && typeName !== null && typedName !== typeName)
    throw new UsageError(`--type-name: ${JSON.stringify(typedName.slice(0, 80))} is not the name of the cluster, which is ${typeName}`);
  if (!yes) return null;
  if (typeName !== null && typedName === undefined)
    throw new UsageError(`in this cluster its name must be given too: --yes --type-name ${typeName}`);
  return true;
}

/**
 * Whether somebody at the terminal says yes to what was shown. Throws a UsageError where nobody can be asked and nobody said yes before.
 */
export async function confirmed(question: Question): Promise<boolean> {
  const { input, output, what, typeName } = question;
  if (saidBefore(question) === true) return true;
  if (input.isTTY !== true || output.isTTY !== true) {
    const said = typeName === null ? '--yes' : `--yes --type-name ${typeName}`;
    throw new UsageError(`nobody can be asked here: read the plan, then say it again with ${said} (--dry-run shows the plan only)`);
  }
  const wanted = typeName ?? 'yes';
  const answer = await typedLine(question, `${what}? Type ${typeName === null ? 'yes' : `the cluster's name (${typeName})`} to go on: `);
  return answer === wanted;
}
