import { Failure } from '../base/failure.ts';
import type { Corefile, CorednsLogs, SystemPod } from '../domain/coredns.ts';
import { summariseCorednsLog } from '../formats/coredns-log.ts';
import { QueryCounter } from '../formats/query-log.ts';
import type { CollectContext, Collector } from './collector.ts';
import { given } from './given.ts';
import { readPodLogs, throwIfForbidden, troubledFirst, type PodLogs } from './pod-logs.ts';

const most = 10;
const wish = { container: 'coredns', tailLines: 2000, previousLines: 200, maxBytes: 1_048_576 };

/** CoreDNS' logs by class, and what its query lines say, of at most 10 pods: those in trouble first. */
export const corednsLogs: Collector<'coredns-logs'> = {
  id: 'coredns-logs',
  title: "Reading CoreDNS' logs",
  after: ['coredns-pods', 'corefile'],
  needs: [{ group: '', resource: 'pods/log', verb: 'get', scope: 'dns' }],
  timeoutMs: 12_000,
  async collect(context) {
    const first = await read(context);
    if (!isGlimpse(first.queries)) return first;
    await sleep(glimpseMs, context.signal);
    return read(context);
  },
};

async function read(context: CollectContext): Promise<CorednsLogs> {
  const logs = await readPodLogs(context, podsToRead(context), wish);
  throwIfForbidden(logs);
  const counter = new QueryCounter({ zones: kubernetesZones(given(context.have.corefile)) });
  const pods = logs.map((one) => summary(one, new Date(context.now()), counter));
  const queries = counter.result();
  return { pods, queries: queries.lines > 0 ? queries : null };
}

const glimpseMs = 3_000;

/** Queries are logged, but only since a moment ago: a few seconds more tell what the clients do. The lookups take as long anyway. */
const isGlimpse = (queries: CorednsLogs['queries']): boolean => queries !== null && queries.lines < 200 && queries.spanSeconds < 10;

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

function podsToRead({ have }: CollectContext): SystemPod[] {
  const pods = given(have['coredns-pods']);
  if (pods === null) throw new Failure('skipped', 'the CoreDNS pods could not be read');
  if (pods.items.length === 0) throw new Failure('missing', 'there are no CoreDNS pods');
  return troubledFirst(pods.items).slice(0, most);
}

/** Queries are counted over all pods: those of one lookup may have gone to several. */
function summary({ pod, current, previous }: PodLogs, now: Date, counter: QueryCounter): CorednsLogs['pods'][number] {
  const said = summariseCorednsLog('text' in current ? current.text : '', now, (query) => counter.add(query));
  return {
    pod: pod.name,
    node: pod.node,
    classes: said.classes,
    previous: previous === null ? [] : summariseCorednsLog(previous, now, () => {}).classes,
    lines: said.lines,
    truncated: 'text' in current && current.truncated,
    unreadable: 'failure' in current ? current.failure.message : null,
    runningSha512: said.runningSha512,
    version: said.version,
  };
}

/** The zones that CoreDNS answers from the cluster; reverse zones are none of names that applications write. */
function kubernetesZones(corefile: Corefile | null): string[] {
  const directives = corefile?.servers.flatMap((server) => server.directives) ?? [];
  const zones = directives.filter(({ name }) => name === 'kubernetes').flatMap(({ args }) => args);
  const forward = zones.filter((zone) => !/(^|\.)(in-addr|ip6)\.arpa\.?$/i.test(zone));
  return forward.length > 0 ? [...new Set(forward)] : ['cluster.local'];
}
