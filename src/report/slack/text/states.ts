import type { Severity } from '../../../domain/finding.ts';
import type { Report } from '../../../domain/report.ts';
import type { RunState } from '../../../domain/run.ts';
import { bold, ours, type Words, words } from './words.ts';

type Status = Report['verdict']['status'];
type Marked = readonly [symbol: string, said: string];

const verdicts: Record<Status, Marked> = {
  broken: ['🔴', 'DNS broken'],
  degraded: ['🟠', 'DNS degraded'],
  healthy: ['🟢', 'DNS healthy'],
  unknown: ['⚪', 'DNS: could not tell'],
};

const states: Record<RunState, Marked> = {
  queued: ['⏳', 'queued'],
  running: ['🔎', 'running'],
  done: ['✅', 'done'],
  failed: ['❌', 'failed'],
  cancelled: ['⏹️', 'cancelled'],
};

const severities: Record<Severity, Marked> = {
  critical: ['🔴', 'Critical: lookups fail now'],
  high: ['🟠', 'High'],
  medium: ['🟡', 'Medium'],
  low: ['🔵', 'Low'],
  info: ['ℹ️', 'Worth knowing'],
};

const said = ([symbol, text]: Marked): Words => words`${ours(symbol)} ${bold(ours(text))}`;

/** A verdict by a symbol and in words: colour alone says nothing to many. */
export const verdictWords = (status: Status): Words => said(verdicts[status]);
export const severityWords = (severity: Severity): Words => said(severities[severity]);

/** The state of a run: `⏳ DNS check queued`. */
export function stateWords(state: RunState, what: string): Words {
  const [symbol, text] = states[state];
  return said([symbol, `${what} ${text}`]);
}

/** A run in a list: its verdict, else its state. `status` comes from a store: what is none of ours is not shown. */
export function shortState(state: RunState, status: string | null): Words {
  const known = state === 'done' && status !== null && Object.hasOwn(verdicts, status);
  return ours((known ? verdicts[status as Status] : states[state]).join(' '));
}

/** Whether a verdict says that something is wrong. */
export const isFault = (status: Status): boolean => status === 'broken' || status === 'degraded';
