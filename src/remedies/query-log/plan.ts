import { sha512Hex } from '../../base/sha512.ts';
import type { Corefile, CorednsMetrics, CorednsWorkload } from '../../domain/coredns.ts';
import type { Reading } from '../../domain/reading.ts';
import { corefileFault } from '../../formats/corefile/directives.ts';
import { corefileSha512 } from '../../formats/corefile/hash.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';
import { kubernetesZones } from '../../formats/corefile/server-for.ts';
import { isOfficialCoredns } from '../../rules/image.ts';
import { selectorText } from '../../rules/selector-text.ts';
import { failedReload, hasReload, lameduckOf } from '../pods/from-logs.ts';
import type { Draft, NoDraft, PlanContext } from '../remedy.ts';
import type { QueryLogData } from './data.ts';
import { blocksFor, type Classes, withQueryLog } from './lines.ts';

/** What people ask for. */
export interface QueryLogWish {
  classes: Classes;
  minutes: number;
  name?: string | undefined;
}

const data = <T>(reading: Reading<T> | undefined): T | null => (reading?.status === 'ok' ? reading.data : null);

const no = (why: NoDraft['why'], says: string, more: Partial<NoDraft> = {}): NoDraft => ({ why, says, ...more });

/** Before 1.9.4 a reload with lameduck makes every pod unready at once (coredns/coredns#5476, mended in 1.9.4). */
const isOld = (version: string): boolean => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major < 1 || (major === 1 && (minor < 9 || (minor === 9 && patch < 4)));
};

interface Facts {
  corefile: Corefile;
  workload: CorednsWorkload;
}

function factsOf({ evidence }: PlanContext): Facts | NoDraft {
  const [corefile, workload] = [data(evidence.corefile), data(evidence['coredns-workload'])];
  if (corefile === null) return no('unknown', 'the Corefile could not be read');
  if (workload === null) return no('unknown', 'the workload of CoreDNS could not be read');
  return { corefile, workload };
}

/** Why the Corefile must not be touched now; null when it may be. */
function whyNot({ corefile, workload }: Facts, { evidence, now }: PlanContext): NoDraft | null {
  const { text, error, opaque, bytes } = corefile;
  if (error !== null)
    return no('unsafe', `the Corefile does not parse (line ${error.line}: ${error.message})`, {
      offers: [{ id: 'restore-corefile', params: {} }],
    });
  if (text.includes('[redacted]') || new TextEncoder().encode(text).length !== bytes)
    return no('unsafe', 'parts of the Corefile are hidden from dns-medic, so it could not be put back byte for byte');
  if (opaque.length > 0 || corefile.sha512 === null)
    return no('unknown', 'the Corefile uses environment variables or imports: whether a pod has loaded it could not be proved');
  const failed = failedReload(data(evidence['coredns-logs']) ?? undefined, corefile, now());
  if (failed !== null) return no('unsafe', `the last reload failed: ${failed}`, { offers: [{ id: 'restore-corefile', params: {} }] });
  if (lameduckOf(corefile) !== null && workload.version !== null && isOld(workload.version))
    return no('unsafe', `a reload of CoreDNS ${workload.version} with lameduck makes all its pods unready at once`, {
      next: ['Update CoreDNS to 1.9.4 or newer.'],
    });
  if (!hasReload(corefile))
    return no('not-here', 'the Corefile has no reload plugin: every pod would have to be restarted to begin, and again to end', {
      next: ['Add `reload` to the Corefile and restart CoreDNS once; then queries can be logged without any restart.'],
      offers: [{ id: 'restart-coredns', params: {} }],
    });
  return whyNotRolling(workload) ?? whyBehind({ corefile, workload }, evidence);
}

function whyNotRolling({ desired, updated, ready }: CorednsWorkload): NoDraft | null {
  if (ready === 0) return no('unsafe', 'no CoreDNS pod is ready');
  if (updated < desired)
    return no('unsafe', 'CoreDNS is being rolled out (an update of the add-on?)', { next: ['Wait until it is over, and check again.'] });
  return null;
}

/** Pods that run another text would take over two changes at once. */
function whyBehind({ corefile }: Facts, evidence: PlanContext['evidence']): NoDraft | null {
  const behind = (data(evidence['coredns-logs'])?.pods ?? []).filter(
    ({ runningSha512: runs }) => runs !== null && runs !== corefile.sha512,
  );
  if (behind.length === 0) return null;
  const says = `${behind.map(({ pod }) => pod).join(', ')} ${behind.length === 1 ? 'runs' : 'run'} another text than the ConfigMap has`;
  return no('unsafe', says, { next: ['Wait three minutes for the reload, and check again.'] });
}

const NOTABLE_RATE = 2_000;
/** A line of the query log has about so many bytes. */
const LINE_BYTES = 160;

/** Queries a second over all pods, from the rates in the query log of the check; null: not known. */
function rateOf(metrics: CorednsMetrics | null, workload: CorednsWorkload, now: number): number | null {
  const totals = (metrics?.pods ?? []).map(({ rcodes }) => Object.values(rcodes).reduce((sum, count) => sum + count, 0));
  const total = totals.reduce((sum, count) => sum + count, 0);
  const seconds = (now - Date.parse(workload.createdAt)) / 1000;
  return total > 0 && seconds > 60 ? total / seconds : null;
}

function warningsOf({ workload }: Facts, { minutes, classes }: QueryLogWish, { evidence, now }: PlanContext): string[] {
  const rate = rateOf(data(evidence['coredns-metrics']), workload, now());
  const owner = workload.managedBy === 'eks-addon' ? ['An update of the EKS add-on meanwhile takes the lines out again.'] : [];
  const personal = 'What is logged names who asked for what: it stays in the logs of the pods, and a sum of it comes into this thread.';
  if (rate === null || rate < NOTABLE_RATE) return [personal, ...owner];
  const megabytes = Math.round((rate * minutes * 60 * LINE_BYTES) / 1_000_000);
  const what = classes === 'all' ? 'every query is a line' : 'every failed query is a line';
  return [`About ${Math.round(rate)} queries a second: ${what}, up to ${megabytes} MB of log in ${minutes} minutes.`, personal, ...owner];
}

const diffOf = (logged: readonly { keys: string[] }[], classes: Classes): string[] =>
  logged.flatMap(({ keys }) => {
    const lines = classes === 'all' ? ['log'] : ['log . {', `    class ${classes}`, '}'];
    return [`  ${keys.join(' ')} {`, ...lines.map((line) => `+     ${line}`)];
  });

/** Plans to log queries for a while, or says why not. */
export function planQueryLog(context: PlanContext, wish: QueryLogWish): Draft<QueryLogData> | NoDraft {
  const facts = factsOf(context);
  if ('why' in facts) return facts;
  const { corefile, workload } = facts;
  const refused = whyNot(facts, context);
  if (refused !== null) return refused;
  const parsed = parseCorefile(corefile.text);
  const names = wish.name === undefined ? context.request.names : [wish.name];
  const logged = withQueryLog(corefile.text, blocksFor(parsed, names), wish.classes);
  if (logged === null) return no('not-needed', 'the server blocks that serve these names log their queries already');
  const after = parseCorefile(logged.text);
  const loadedAfter = corefileSha512(after);
  if (
    corefileFault(after, workload.version, isOfficialCoredns(workload.image)) !== null ||
    loadedAfter === null ||
    corefile.sha512 === null
  )
    return no('unsafe', 'the Corefile with the log plugin would not parse: this is a mistake of dns-medic, please report it');
  const { namespace, configMap, key } = corefile;
  const what = wish.classes === 'all' ? 'all queries' : 'queries that fail or find nothing';
  return {
    summary: `log ${what} in ${logged.logged.length === 1 ? 'one server block' : `${logged.logged.length} server blocks`} of ConfigMap ${namespace}/${configMap} for ${wish.minutes} minutes`,
    helps: 'it shows who asks what, and how it ends; it mends nothing by itself',
    warnings: warningsOf(facts, wish, context),
    objects: [
      {
        object: { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: configMap },
        does: 'change',
        diff: diffOf(logged.logged, wish.classes),
        owner: null,
      },
    ],
    pods: [],
    undo: 'The text is put back byte for byte; by itself when the time is over, at once when you press.',
    endsAfterMs: wish.minutes * 60_000,
    data: {
      namespace,
      configMap,
      key,
      before: corefile.text,
      after: logged.text,
      loadedBefore: corefile.sha512,
      loadedAfter,
      classes: wish.classes,
      logged: logged.logged,
      zones: kubernetesZones(corefile.servers).filter((zone) => !zone.endsWith('.arpa.')),
      pods: { namespace: workload.namespace, selector: selectorText(workload.selector) },
      version: workload.version,
    },
  };
}

/** The name of a text in what is left in the cluster. */
export const textName = (text: string): string => sha512Hex(text);
