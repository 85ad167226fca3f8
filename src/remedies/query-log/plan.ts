import type { Corefile } from '../../domain/coredns.ts';
import type { Plan } from '../../domain/plan.ts';
import { corefileFault } from '../../formats/corefile/directives.ts';
import { corefileSha512 } from '../../formats/corefile/hash.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';
import { kubernetesZones } from '../../formats/corefile/server-for.ts';
import { isOfficialCoredns } from '../../rules/image.ts';
import { selectorText } from '../../rules/selector-text.ts';
import { isGitOps, ownerOf } from '../kit/owners.ts';
import { seen } from '../kit/read.ts';
import type { Draft, NoDraft, PlanContext } from '../remedy.ts';
import { markOf } from './act.ts';
import { refOf, type Standing, standing } from '../corefile/config-map.ts';
import { textDiff } from '../restore-corefile/text-diff.ts';
import { costOf } from './cost.ts';
import type { QueryLogData } from './data.ts';
import { blocksFor, type Classes, withQueryLog, type WithLog } from './lines.ts';
import { MARK, markIn } from './mark.ts';
import { type Facts, factsOf, no, whyNot } from './why-not.ts';
import { replacementFor } from './without-reload.ts';

/** What people ask for. */
export interface QueryLogWish {
  classes: Classes;
  minutes: number;
  name?: string | undefined;
}

/** The sweep looks for it there, when everything else is lost. */
const WHERE = 'coredns';

/** Why it must not be written into what stands there now; null when it may. */
function whyNotHere({ namespace, configMap, text }: Corefile, stands: Standing, now: number): NoDraft | null {
  if (configMap !== WHERE)
    return no(
      'not-here',
      `the Corefile is in ConfigMap ${namespace}/${configMap}: a query log is only left where its end is looked after, in ${WHERE}`,
    );
  const mark = markIn(stands.annotations[MARK]);
  if (mark !== null && mark.endsAt > now)
    return no('not-needed', 'an order logs queries already', { next: ['Undo that order to end it now.'] });
  if (stands.annotations[MARK] !== undefined)
    return no('unsafe', `an order has left its mark on the ConfigMap (annotation ${MARK})`, {
      next: ['A worker takes it away within a minute; then check again.'],
    });
  if (stands.object?.['immutable'] === true) return no('not-here', 'the ConfigMap is immutable: nobody can change the Corefile in it');
  return stands.text === text ? null : no('unknown', 'somebody has edited the Corefile just now', { next: ['Check again.'] });
}

const RESTARTS = 'The pods do not reload by themselves: they are replaced now, one after the other, and once more when the time is over.';
const PRIVACY = 'What is logged says who asks for what. It stands in the logs of the pods, and a sum of it comes into this thread.';

function objectOf({ corefile }: Facts, stands: Standing, log: WithLog, cluster: string): Plan['objects'][number] {
  const owner = ownerOf(stands.object ?? {}, { cluster, addonValues: { corefile: log.text } });
  return { object: refOf(corefile), does: 'change', diff: textDiff(corefile.text, log.text), owner };
}

function ownerWarning({ owner }: Plan['objects'][number]): string[] {
  if (isGitOps(owner)) return ['It may be taken back before its time, at the next synchronization: then it shows less.'];
  return owner === null
    ? []
    : ['Its owner keeps the Corefile, but not in these minutes: a change that ends by itself needs nothing durable.'];
}

function dataOf({ corefile, workload }: Facts, log: WithLog, classes: Classes, replace: QueryLogData['replace']): QueryLogData {
  const { namespace, configMap, key, text, servers, sha512 } = corefile;
  return {
    namespace,
    configMap,
    key,
    before: text,
    after: log.text,
    loadedBefore: sha512,
    loadedAfter: corefileSha512(log.text),
    classes,
    logged: log.logged,
    inserted: log.inserted,
    zones: kubernetesZones(servers).filter((zone) => !zone.endsWith('.arpa.')),
    pods: { namespace: workload.namespace, selector: selectorText(workload.selector) },
    replace,
  };
}

/** Why these lines must not be written; null when they may. */
function whyNotSo({ workload }: Facts, data: QueryLogData): NoDraft | null {
  const fault = corefileFault(parseCorefile(data.after), workload.version, isOfficialCoredns(workload.image));
  if (fault !== null) return no('unsafe', `with the log plugin the Corefile would not be valid (line ${fault.line}: ${fault.message})`);
  const mark = markOf({ change: '0'.repeat(32), endsAt: 0, now: () => 0 }, data);
  if (markIn(JSON.stringify(mark)) !== null) return null;
  const next = ['Name what is asked for (name=...): then only the server block that serves it is changed.'];
  return no('unsafe', 'there are too many server blocks to be taken back from what is left in the cluster', { next });
}

/** Plans to log queries for a while, or says why not. Rejects with a Failure. */
export async function planQueryLog(context: PlanContext, wish: QueryLogWish): Promise<Draft<QueryLogData> | NoDraft> {
  const { evidence, request, now, port, signal } = context;
  const facts = factsOf(context);
  if ('why' in facts) return facts;
  const refused = whyNot(facts, context);
  if (refused !== null) return refused;
  const { corefile, workload } = facts;
  const stands = await standing(port, corefile, { signal });
  const names = wish.name === undefined ? request.names : [wish.name];
  const blocks = blocksFor(parseCorefile(corefile.text), names);
  if (blocks.length === 0)
    return no('not-here', `no server block of the Corefile serves ${names.join(', ') || 'any zone'}: CoreDNS refuses it`);
  const log = withQueryLog(corefile.text, blocks, wish.classes);
  const here = whyNotHere(corefile, stands, now());
  if (here !== null) return here;
  if (log === null) return no('not-needed', 'the server blocks that serve these names log queries already');
  const replace = await replacementFor(context, corefile, log.text);
  if (replace !== null && 'why' in replace) return replace;
  const data = dataOf(facts, log, wish.classes, replace);
  const unfit = whyNotSo(facts, data);
  if (unfit !== null) return unfit;
  const object = objectOf(facts, stands, log, request.cluster);
  const what = wish.classes === 'all' ? 'all queries' : 'queries that fail or find nothing';
  const where = log.logged.length === 1 ? 'one server block' : `${log.logged.length} server blocks`;
  const pods = seen(evidence, 'coredns-pods')?.items ?? [];
  return {
    summary: `log ${what} in ${where} of ConfigMap ${corefile.namespace}/${corefile.configMap} for ${wish.minutes} ${wish.minutes === 1 ? 'minute' : 'minutes'}`,
    helps: 'it shows who asks what, and how it ends; it mends nothing by itself',
    warnings: [
      ...costOf({ metrics: seen(evidence, 'coredns-metrics'), pods, ready: workload.ready }, wish, now()),
      PRIVACY,
      ...(replace === null ? [] : [RESTARTS]),
      ...ownerWarning(object),
    ],
    objects: [object],
    pods: replace?.pods ?? [],
    ...(replace === null ? {} : { risk: 'disruptive' as const }),
    undo: 'The text is put back byte for byte: by itself when the time is over, at once when you press.',
    endsAfterMs: wish.minutes * 60_000,
    data,
  };
}
