import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from './acting.ts';
import type { Terminal } from './terminal.ts';
import { readLine } from './typed.ts';

/** How the lines that are typed came to an end. `nothing`: there were none, and will be none. */
export type EndOfInput = 'quit' | 'end' | 'nothing';

interface Props {
  actor: Actor;
  terminal: Terminal;
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** Ctrl-C, where the terminal hands it to the prompt. */
  onInterrupt: () => void;
}

/** Lines of a file come no faster than those that somebody types. */
const asFastAsPeopleMs = 1_000;

/** Takes lines, one after the other, until there are no more or one says to quit. `stop` lets go of the terminal. */
export function takeLines({ actor, terminal, input, output, onInterrupt }: Props): { ended: Promise<EndOfInput>; stop: () => void } {
  const isTerminal = input.isTTY && output.isTTY;
  const reader = createInterface(isTerminal ? { input, output, terminal: true } : { input, terminal: false });
  const { promise: ended, resolve } = Promise.withResolvers<EndOfInput>();
  let typed = 0;
  let before: Promise<void> = Promise.resolve();
  const ask = (): void => {
    reader.setPrompt(`${actor.whereabouts()}> `);
    if (isTerminal) reader.prompt();
  };
  const take = async (line: string): Promise<void> => {
    if (!isTerminal && typed > 1) await sleep(asFastAsPeopleMs);
    if (!(await actor.act(readLine(line)))) resolve('quit');
    ask();
  };
  reader.on('line', (line) => {
    typed += 1;
    before = before.then(() => take(line));
  });
  reader.on('SIGINT', onInterrupt);
  reader.on('close', () => void before.then(() => resolve(isTerminal ? 'quit' : typed > 0 ? 'end' : 'nothing')));
  terminal.shareWith(reader);
  ask();
  const stop = (): void => {
    terminal.shareWith(null);
    reader.close();
  };
  return { ended, stop };
}
