#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { Failure, UsageError } from '../base/failure.ts';
import { couldNotTell, usage } from './exit-status.ts';

/** Bot and worker come without the other commands: those bring the engine along, and the bot holds only what it needs. */
const commands = ['bot', 'worker', 'start'].includes(process.argv[2] ?? '')
  ? (await import('./bot.ts')).processes
  : (await import('./commands.ts')).commands;

const program = new Command('dns-medic')
  .description('Finds the cause of DNS failures in Kubernetes, shows the proof, says the next step.')
  .version('0.1.0')
  .exitOverride()
  .showHelpAfterError('(see dns-medic --help)');
/** Wrong usage is ours to answer, of commands of commands too. */
function strict(command: Command, called: string): Command {
  command.commands.forEach((one) => strict(one, `${called} ${one.name()}`));
  return command.exitOverride().showHelpAfterError(`(see ${called} --help)`);
}
for (const command of commands) program.addCommand(strict(command, `dns-medic ${command.name()}`));

/** Wrong usage ends with 64, help with 0; what could not be done at all with 2. */
function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usage;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`dns-medic: ${message}\n`);
  if (error instanceof UsageError) return usage;
  if (!(error instanceof Failure) && error instanceof Error && process.env['DNS_MEDIC_DEBUG'] !== undefined)
    process.stderr.write(`${error.stack}\n`);
  return couldNotTell;
}

// a reader that goes away (`| head`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : couldNotTell));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = statusOf(error);
}
