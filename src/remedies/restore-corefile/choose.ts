import type { CorednsWorkload } from '../../domain/coredns.ts';
import { corefileFault } from '../../formats/corefile/directives.ts';
import { corefileSha512 } from '../../formats/corefile/hash.ts';
import { type ParsedCorefile, parseCorefile } from '../../formats/corefile/parser.ts';
import { isOfficialCoredns } from '../../rules/image.ts';
import { seen } from '../kit/read.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import type { RestoreData, Source } from './data.ts';
import { clusterZone, eksDefault } from './eks-default.ts';
import { knownOf, mended } from './mended.ts';
import { runningHash } from './running.ts';
import { withoutLog } from './without-log.ts';

const REDACTED = '[redacted]';

/** A text that CoreDNS would start with, and where it is from, in words: "the one that worked until 2026-11-25 03:10 UTC". */
export interface Chosen {
  text: string;
  parsed: ParsedCorefile;
  is: string;
  /** Why it may not help, one sentence. */
  doubt?: string;
}

const no = (why: NoDraft['why'], says: string, next: string[] = []): NoDraft => ({ why, says, next });

const clock = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Why the CoreDNS here would not start with it; null: it would. */
function faultIn(parsed: ParsedCorefile, workload: CorednsWorkload | undefined): string | null {
  const fault = corefileFault(parsed, workload?.version ?? null, workload !== undefined && isOfficialCoredns(workload.image));
  return fault === null ? null : `line ${fault.line}: ${fault.message}`;
}

/** What is known of a text. */
export function textFacts(text: string, workload: CorednsWorkload | undefined): RestoreData['after'] {
  const parsed = parseCorefile(text);
  const isGood = faultIn(parsed, workload) === null;
  const reloads = parsed.servers.some(({ directives }) => directives.some(({ name }) => name === 'reload'));
  return { text, running: isGood ? corefileSha512(parsed) : null, reloads };
}

/** Whether CoreDNS would do the same with both. */
function isSame(one: ParsedCorefile, standing: string | null): boolean {
  const [a, b] = [corefileSha512(one), standing === null ? null : corefileSha512(standing)];
  return a !== null && a === b;
}

async function fromHistory({ corefiles, evidence }: PlanContext, standing: string | null): Promise<Chosen | null> {
  const workload = seen(evidence, 'coredns-workload');
  for (const { text, seenAt } of await corefiles()) {
    const parsed = parseCorefile(text);
    if (text === standing || text.includes(REDACTED) || isSame(parsed, standing) || faultIn(parsed, workload) !== null) continue;
    return { text, parsed, is: `the one that worked until ${clock(seenAt)}` };
  }
  return null;
}

function fromDefault({ evidence }: PlanContext, standing: string | null): Chosen | NoDraft {
  const workload = seen(evidence, 'coredns-workload');
  const text = eksDefault(clusterZone(evidence), workload);
  const parsed = parseCorefile(text);
  if (text === standing || isSame(parsed, standing)) return no('not-needed', 'the Corefile is the default of EKS already');
  const fault = faultIn(parsed, workload);
  return fault === null
    ? { text, parsed, is: 'the default of EKS' }
    : no('not-here', `the CoreDNS here would not start with the default of EKS (${fault})`);
}

function fromLogs({ evidence }: PlanContext, standing: string | null): Chosen | NoDraft {
  const text = standing === null ? null : withoutLog(standing);
  if (text === null) return no('not-needed', 'the Corefile has no log plugin that could be taken out');
  const parsed = parseCorefile(text);
  const fault = faultIn(parsed, seen(evidence, 'coredns-workload'));
  return fault === null ? { text, parsed, is: 'the same without its log plugin' } : no('unsafe', `the Corefile is not valid (${fault})`);
}

/** A known text that is what the ready pods run. */
async function fromPods({ corefiles, evidence }: PlanContext, standing: string | null): Promise<Chosen | null> {
  const running = runningHash(evidence);
  if (running === null || (standing !== null && corefileSha512(standing) === running)) return null;
  const texts = [...(await corefiles()).map(({ text }) => text), eksDefault(clusterZone(evidence), seen(evidence, 'coredns-workload'))];
  const text = texts.find((one) => !one.includes(REDACTED) && corefileSha512(one) === running);
  return text === undefined ? null : { text, parsed: parseCorefile(text), is: 'the one that the ready pods still run' };
}

function fromMending({ evidence }: PlanContext, standing: string | null): Chosen | null {
  const better = standing === null ? null : mended(standing, knownOf(evidence));
  return better === null ? null : { text: better.text, parsed: parseCorefile(better.text), is: `the same ${better.did.join(', ')}` };
}

const asDefault = 'To put the default of EKS there: dns-medic remedy restore-corefile CLUSTER --param source=default';
const NONE = 'no other Corefile that worked here is known';

/** The newest that worked is the one that stands there: what is wrong may be elsewhere. */
async function isUnchanged({ corefiles }: PlanContext, standing: string | null): Promise<boolean> {
  const [newest] = await corefiles();
  return newest !== undefined && (newest.text === standing || isSame(parseCorefile(newest.text), standing));
}

/** The first that there is, best first: one that is known to have worked here comes before one that was made. */
async function chosenItself(context: PlanContext, standing: string | null): Promise<Chosen | NoDraft> {
  const unchanged = await isUnchanged(context, standing);
  const [made, kept] = [fromMending(context, standing), await fromHistory(context, standing)];
  const doubt = 'The Corefile that stands there is the newest that worked: what is wrong may not be in it.';
  const chosen =
    (unchanged ? made : null) ?? (kept === null || !unchanged ? kept : { ...kept, doubt }) ?? (await fromPods(context, standing)) ?? made;
  if (chosen !== null) return chosen;
  if (unchanged) return no('not-needed', 'the Corefile is the one that worked before: what is wrong is not in it', [asDefault]);
  if (seen(context.evidence, 'cluster-class')?.platform === 'eks') return fromDefault(context, standing);
  return no('not-here', `${NONE}, and whether the default of EKS fits this cluster nobody can tell`, [asDefault]);
}

/**
 * The text to put into the ConfigMap, or why there is none. `standing` null: nothing stands there. The default of EKS is only taken by itself where
 * the cluster is one of EKS.
 */
export async function choose(context: PlanContext, source: Source, standing: string | null): Promise<Chosen | NoDraft> {
  if (source === 'without-log') return fromLogs(context, standing);
  if (source === 'default') return fromDefault(context, standing);
  if (source === 'history') return (await fromHistory(context, standing)) ?? no('not-here', NONE, [asDefault]);
  if (source === 'newest') {
    if (await isUnchanged(context, standing)) return no('not-needed', 'the Corefile is the newest that worked: what is wrong is not in it');
    return (await fromHistory(context, standing)) ?? no('not-here', NONE);
  }
  if (source === 'mended')
    return fromMending(context, standing) ?? no('not-here', 'nothing in it can surely be put right by itself', [asDefault]);
  if (source === 'running')
    return (
      (await fromPods(context, standing)) ??
      no('not-here', 'no text is known that the ready pods run and that does not stand there', [asDefault])
    );
  return chosenItself(context, standing);
}
