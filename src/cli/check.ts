import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Failure } from '../base/failure.ts';
import type { Bundle, Report } from '../domain/report.ts';
import { printable } from '../report/printable.ts';
import { judge, runCheck } from './engine.ts';
import { exitStatus } from './exit-status.ts';
import { keepCorefile } from './local/known-good.ts';
import { localState } from './local/terminal.ts';
import { refuseUnwritable } from './writable.ts';
import { type CheckOptions, requestFor, targetFor, withCheck } from './options.ts';
import { jsonText, printReport } from './print.ts';
import { liveView } from './live-view.ts';

/** Ends a run on Ctrl-C or SIGTERM; a second one ends the process at once. */
export function interruption(before: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const end = (): void => {
    if (controller.signal.aborted) process.exit(130);
    before();
    process.stderr.write('\nending: removing what was started (again: at once)\n');
    controller.abort(new Error('interrupted'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  signals.forEach((name) => process.on(name, end));
  return { signal: controller.signal, release: () => signals.forEach((name) => process.off(name, end)) };
}

const save = (file: string, bundle: Bundle): Promise<void> => writeFile(file, `${JSON.stringify(bundle)}\n`, { mode: 0o600 });

/** Prints a report the way it was asked for, and sets the exit status. */
export function show(report: Report, bundle: Bundle, json: boolean): void {
  if (json) process.stdout.write(`${jsonText(report)}\n`);
  else printReport(report, bundle, process.stdout);
  process.exitCode = exitStatus(report);
}

async function run(cluster: string | undefined, options: CheckOptions): Promise<void> {
  const target = targetFor(cluster, options);
  await refuseUnwritable('--save', options.save);
  const view = liveView(process.stderr, options.json === true);
  const { signal, release } = interruption(view.done);
  try {
    const left: string[] = [];
    const listeners = { onStep: view.onStep, onLeft: (failure: Failure) => void left.push(failure.message) };
    const bundle = await runCheck(target, requestFor(target, options), signal, listeners);
    view.done();
    left.forEach((message) => process.stderr.write(`dns-medic: ${printable(message, 2_000)}\n`));
    if (options.save !== undefined) await save(options.save, bundle);
    const report = judge(bundle);
    show(report, bundle, options.json === true);
    await keepCorefile(localState().corefiles, bundle, report);
    if (signal.aborted) process.exitCode = 130;
  } finally {
    view.done();
    release();
  }
}

export const check = withCheck(new Command('check'))
  .description('check DNS in a cluster: find the cause, show the proof, say the next step')
  .argument('[cluster]', 'a cluster of dns-medic.yaml, or a context of the kubeconfig')
  .action(run);
