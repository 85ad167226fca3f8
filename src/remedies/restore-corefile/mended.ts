import type { CorednsWorkload } from '../../domain/coredns.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { corefileFault } from '../../formats/corefile/directives.ts';
import { corefileSha512 } from '../../formats/corefile/hash.ts';
import { type ParsedCorefile, parseCorefile } from '../../formats/corefile/parser.ts';
import { isOfficialCoredns } from '../../rules/image.ts';
import { seen } from '../kit/read.ts';
import { clusterZone, eksDefault, givenZone } from './eks-default.ts';
import { mends } from './mends.ts';
import { runningHash } from './running.ts';

/** A text in which what is surely wrong is put right, and what that is, in words: "without line 7 (upstream)". */
export interface Mended {
  text: string;
  did: string[];
}

/** What is known of the pods that are to run it. */
export interface Known {
  workload: CorednsWorkload | undefined;
  /** The zone that pods ask for; null: not known. */
  zone: string | null;
  /** SHA-512 of texts that are known to work: what all ready pods run, and the default of EKS. */
  good: ReadonlySet<string | null>;
  /** Classes of lines that their logs have now. */
  said: ReadonlySet<string>;
}

export const knownOf = (evidence: Evidence): Known => ({
  workload: seen(evidence, 'coredns-workload'),
  zone: givenZone(evidence),
  good: new Set([runningHash(evidence), corefileSha512(eksDefault(clusterZone(evidence), seen(evidence, 'coredns-workload')))]),
  said: new Set(
    (seen(evidence, 'coredns-logs')?.pods ?? []).flatMap(({ classes, previous }) =>
      [...classes, ...previous].filter(({ fields }) => fields['afterReload'] !== 'false').map((one) => one.class),
    ),
  ),
});

/** Why a CoreDNS of this workload would not start with it; null: it would. */
export const faultFor = (parsed: ParsedCorefile, workload: CorednsWorkload | undefined) =>
  corefileFault(parsed, workload?.version ?? null, workload !== undefined && isOfficialCoredns(workload.image));

/** More is wrong with no Corefile that can be mended so. */
const MOST = 8;

function next(text: string, known: Known): { text: string; did: string } | null {
  const parsed = parseCorefile(text);
  if (parsed.blocks === null) return null;
  const fault = faultFor(parsed, known.workload);
  for (const mend of mends) {
    const better = mend({ text, parsed, blocks: parsed.blocks, fault, known });
    if (better !== null && better.text !== text) return better;
  }
  return null;
}

/**
 * The smallest change of a text that is surely right: an option goes that this CoreDNS no longer knows, what the pods do not run yet and do not take
 * goes, and what the cluster itself proves to be missing comes. Null: nothing of that, or something is still wrong afterwards.
 */
export function mended(standing: string, known: Known): Mended | null {
  const sofar: Mended = { text: standing, did: [] };
  for (let step = next(standing, known); step !== null && sofar.did.length < MOST; step = next(sofar.text, known)) {
    sofar.text = step.text;
    sofar.did.push(step.did);
  }
  const parsed = parseCorefile(sofar.text);
  if (sofar.did.length === 0 || faultFor(parsed, known.workload) !== null) return null;
  // comments that moved are no mending
  return corefileSha512(parsed) !== null && corefileSha512(parsed) === corefileSha512(standing) ? null : sofar;
}
