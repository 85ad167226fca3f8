import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../../../src/domain/report.ts';

/** What a check keeps for the next one is no business of this machine's. */
const STATE = join(tmpdir(), 'dns-medic-test-state');

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const main = join(root, 'src/cli/main.ts');

/** What a `dns-medic` process printed and how it ended. `report`: what it printed, when that is one JSON document. */
export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
  ms: number;
  /** The most memory that the process held, in MiB. */
  peakMiB: number;
  report: Report | null;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** It is killed after so long. */
  limitMs?: number;
  /** Called with the process once it runs, and with what it said so far on stderr each time it says more. */
  watch?: (kill: (signal: NodeJS.Signals) => void, said: string) => void;
}

/** Prints the peak of its memory when it ends. */
const peak = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\npeak-kib '+process.resourceUsage().maxRSS+'\\n'))`;

function reportOf(stdout: string): Report | null {
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    return null;
  }
}

const slowest = 60_000;

/** Runs `dns-medic` as a process, from the sources. */
export function medic(args: readonly string[], { env = {}, cwd = root, limitMs = slowest, watch }: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const variables = { PATH: process.env['PATH'], HOME: '/nonexistent', XDG_STATE_HOME: STATE, NODE_NO_WARNINGS: '1', ...env };
    const child = spawn(process.execPath, ['--import', peak, main, ...args], {
      cwd,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      watch?.((signal) => child.kill(signal), stderr);
    });
    child.on('error', reject);
    child.on('close', (status) => {
      const kib = Number(/peak-kib (\d+)/.exec(stderr)?.[1] ?? Number.NaN);
      const said = stderr.replace(/\n?peak-kib \d+\n/, '');
      resolve({ status, stdout, stderr: said, ms: Math.round(performance.now() - began), peakMiB: kib / 1024, report: reportOf(stdout) });
    });
  });
}

/** `dns-medic check --json` with a kubeconfig. */
export const check = (kubeconfig: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Ran> =>
  medic(['check', '--kubeconfig', kubeconfig, '--json', ...args], options);

/** The report of a run; fails with what the run said when it printed none. */
export function reported(ran: Ran): Report {
  if (ran.report === null) throw new Error(`no report, exit status ${ran.status}: ${ran.stderr.slice(-500)} ${ran.stdout.slice(0, 200)}`);
  return ran.report;
}

/** The findings of a report above info. */
export const alarms = (report: Report): string[] =>
  report.findings.filter(({ severity }) => severity !== 'info').map(({ code, title }) => `${code}: ${title}`);

/** A reading of a report in short: `ok`, or the reason of its failure with what it says. */
export function readingOf(report: Report, id: string): string {
  const reading = report.readings.find((one) => one.id === id);
  if (reading === undefined) return 'not read';
  return reading.status === 'ok' ? 'ok' : `${reading.reason}: ${reading.message}`;
}
