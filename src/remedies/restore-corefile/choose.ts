import type { CorednsWorkload } from '../../domain/coredns.ts';
import { corefileFault } from '../../formats/corefile/directives.ts';
import { corefileSha512 } from '../../formats/corefile/hash.ts';
import { type ParsedCorefile, parseCorefile } from '../../formats/corefile/parser.ts';
import { isOfficialCoredns } from '../../rules/image.ts';
import { seen } from '../kit/read.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import type { RestoreData, Source } from './data.ts';
import { clusterZone, eksDefault } from './eks-default.ts';
import { withoutLog } from './without-log.ts';

const REDACTED = '[redacted]';

/** A text that CoreDNS would start with, and where it is from, in words: "the one that worked until 2026-11-25 03:10 UTC". */
export interface Chosen {
  text: string;
  parsed: ParsedCorefile;
  is: string;
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

const asDefault = 'To put the default of EKS there: dns-medic remedy restore-corefile CLUSTER --param source=default';

/**
 * The text to put into the ConfigMap, or why there is none. `standing` null: nothing stands there. One that was kept comes before the default, and
 * the default of EKS is only taken by itself where the cluster is one of EKS.
 */
export async function choose(context: PlanContext, source: Source, standing: string | null): Promise<Chosen | NoDraft> {
  if (source === 'without-log') return fromLogs(context, standing);
  if (source === 'default') return fromDefault(context, standing);
  const kept = await fromHistory(context, standing);
  if (kept !== null) return kept;
  const none = 'no other Corefile that worked here is known';
  if (source === 'history') return no('not-here', none, [asDefault]);
  if (seen(context.evidence, 'cluster-class')?.platform === 'eks') return fromDefault(context, standing);
  return no('not-here', `${none}, and whether the default of EKS fits this cluster nobody can tell`, [asDefault]);
}
