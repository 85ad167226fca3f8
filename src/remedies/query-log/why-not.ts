import type { Corefile, CorednsWorkload } from '../../domain/coredns.ts';
import { compareVersions } from '../../rules/image.ts';
import { seen, unread } from '../kit/read.ts';
import { failedReload, hasReload, lameduckOf } from '../pods/from-logs.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';

/** What a plan to log queries is made from. */
export interface Facts {
  corefile: Corefile;
  workload: CorednsWorkload;
}

export const no = (why: NoDraft['why'], says: string, more: Partial<NoDraft> = {}): NoDraft => ({ why, says, ...more });

export function factsOf({ evidence }: PlanContext): Facts | NoDraft {
  const [corefile, workload] = [seen(evidence, 'corefile'), seen(evidence, 'coredns-workload')];
  if (workload === undefined) return unread(evidence, 'coredns-workload', 'the workload of CoreDNS');
  return corefile === undefined ? unread(evidence, 'corefile', 'the Corefile') : { corefile, workload };
}

/** Before 1.9.4 a reload with lameduck makes every pod unready at once (coredns/coredns#5476, mended in 1.9.4). */
const MENDED = '1.9.4';

const restore = { offers: [{ id: 'restore-corefile', params: {} }] };

function whyNotText({ text, error, bytes }: Corefile): NoDraft | null {
  if (error !== null) return no('unsafe', `the Corefile is not valid (line ${error.line}: ${error.message})`, restore);
  const isWhole = new TextEncoder().encode(text).length === bytes && !text.includes('[redacted]');
  return isWhole ? null : no('unsafe', 'parts of the Corefile are hidden from dns-medic, so it could not be put back byte for byte');
}

function whyNotReload({ corefile, workload }: Facts, { evidence, now }: PlanContext): NoDraft | null {
  const failed = failedReload(seen(evidence, 'coredns-logs'), corefile, now());
  if (failed !== null) return no('unsafe', `the last reload failed: ${failed}`, restore);
  const { version } = workload;
  const isOld = version !== null && compareVersions(version, MENDED) < 0 && hasReload(corefile);
  return isOld && lameduckOf(corefile) !== null
    ? no('unsafe', `a reload of CoreDNS ${version} with lameduck makes all its pods unready at once`, {
        next: [`Update CoreDNS to ${MENDED} or newer.`],
      })
    : null;
}

function whyNotRolling({ workload: { desired, updated, ready, condition } }: Facts): NoDraft | null {
  if (ready === 0) return no('unsafe', 'no CoreDNS pod is ready: a query log would show nothing');
  if (updated >= desired) return null;
  const says = `CoreDNS is being rolled out (${updated} of ${desired} pods are new${condition === null ? '' : `; ${condition.reason}`}), as an update of its add-on does`;
  return no('unsafe', says, { next: ['Wait until it is over, and check again.'] });
}

/** Pods that run another text would take over two changes at once. */
function whyBehind({ corefile }: Facts, { evidence }: PlanContext): NoDraft | null {
  if (corefile.sha512 === null) return null;
  const behind = (seen(evidence, 'coredns-logs')?.pods ?? []).filter(
    ({ runningSha512: runs }) => runs !== null && runs !== corefile.sha512,
  );
  if (behind.length === 0) return null;
  const says = `${behind.map(({ pod }) => pod).join(', ')} ${behind.length === 1 ? 'runs' : 'run'} another text than the ConfigMap has`;
  return no('unsafe', says, { next: ['Wait three minutes for the reload, and check again.'] });
}

/** Why the Corefile must not be touched now; null when it may be. */
export const whyNot = (facts: Facts, context: PlanContext): NoDraft | null =>
  whyNotText(facts.corefile) ?? whyNotReload(facts, context) ?? whyNotRolling(facts) ?? whyBehind(facts, context);
