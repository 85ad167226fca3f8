import { Failure } from '../../base/failure.ts';
import type { ProbeSpec } from '../../cluster/probe-port.ts';
import type { LookupRow } from '../../domain/lookups.ts';
import type { NamedPod } from '../../domain/pod.ts';
import { parseResolvConf } from '../../formats/resolv-conf.ts';
import type { CollectContext } from '../collector.ts';
import type { Ask, Question, Server } from './ask.ts';
import { isHostName } from './ask.ts';
import { askFrom } from './ask-from.ts';
import { type Asked, askFromProbe, questionsFor } from './from-probes.ts';
import { askInside, containerPlace } from './inside-pod.ts';
import { plan, quickShots, usualShots } from './plan.ts';
import { serversFor, type Target } from './target.ts';

/** Fewer for the container's own tools: each lookup is a process in somebody's application. */
const insideShots = 2;

const ask = (server: Server, question: Question): Ask => ({
  ...server,
  ...question,
  proto: 'udp',
  type: 'A',
  shots: insideShots,
  batch: 'first',
});

/** What getent asks: names as an application writes them, through the pod's own resolv.conf. */
function throughResolver(context: CollectContext, pod: NamedPod): Ask[] {
  const server: Server = {
    server: pod.resolvConf?.nameservers[0] ?? '',
    port: 53,
    serverKind: 'resolver',
    serverPod: null,
    serverNode: null,
  };
  const names: Question[] = [
    { name: 'kubernetes.default', role: 'search' },
    ...context.settings.names.slice(0, 1).map((name): Question => ({ name, role: 'external' })),
    ...context.request.names.slice(0, 3).map((name): Question => ({ name, role: 'asked' })),
  ];
  return names.filter((question) => isHostName(question.name)).map((question) => ask(server, question));
}

function insideAsks(context: CollectContext, target: Target, pod: NamedPod): Ask[] {
  const { local, upstream } = questionsFor(context, target, pod.resolvConf);
  const wanted = [...local.filter((q) => q.role !== 'fresh'), ...upstream.filter((q) => q.role === 'external' || q.role === 'asked')].slice(
    0,
    5,
  );
  const servers = serversFor(target, pod.resolvConf)
    .filter((server) => server.port === 53)
    .slice(0, 5);
  const direct = pod.tools.includes('busybox-nslookup') ? servers.flatMap((server) => wanted.map((question) => ask(server, question))) : [];
  return [...direct, ...(pod.tools.includes('getent') ? throughResolver(context, pod) : [])];
}

async function askByExec(context: CollectContext, target: Target, pod: NamedPod, container: string): Promise<Asked> {
  const from: LookupRow['from'] = { node: pod.node ?? '', pod: `${pod.namespace}/${pod.name}`, how: 'exec' };
  const run = containerPlace(context.port, pod, container);
  const questions = questionsFor(context, target, pod.resolvConf);
  const dig = pod.tools.includes('dig') ? plan(serversFor(target, pod.resolvConf), questions, quickShots) : [];
  const [byDig, byOthers] = await Promise.all([
    askFrom(run, from, dig, { signal: context.signal }),
    askInside(
      run,
      from,
      insideAsks(context, target, pod.tools.includes('dig') ? { ...pod, tools: pod.tools.filter((tool) => tool === 'getent') } : pod),
      context.signal,
    ),
  ]);
  return { place: { from, run, rows: [...byDig, ...byOthers] }, source: { ...from, dnsPolicy: pod.dnsPolicy, resolvConf: pod.resolvConf } };
}

async function askByEphemeral(context: CollectContext, target: Target, pod: NamedPod): Promise<Asked> {
  const { probes, signal } = context;
  if (probes === null) throw new Failure('skipped', 'probe pods were not wanted');
  const place = await probes.ephemeral(pod.namespace, pod.name, { signal });
  const from: LookupRow['from'] = { node: pod.node ?? '', pod: `${pod.namespace}/${pod.name}`, how: 'ephemeral' };
  const { text } = await place.run('cat /etc/resolv.conf', { signal, timeoutMs: 5_000 });
  const resolvConf = parseResolvConf(text);
  const rows = await askFrom(place, from, plan(serversFor(target, resolvConf), questionsFor(context, target, resolvConf), usualShots), {
    signal,
  });
  return { place: { from, run: place, rows }, source: { ...from, dnsPolicy: pod.dnsPolicy, resolvConf } };
}

/** The DNS settings of a pod, for a twin of it; null where a probe pod on the node has the same already. */
function twinSpec(pod: NamedPod): ProbeSpec | null {
  const policy = pod.dnsPolicy === 'ClusterFirst' && pod.hostNetwork ? 'Default' : pod.dnsPolicy;
  if (pod.node === null || (policy === 'ClusterFirst' && pod.dnsConfig === null)) return null;
  const { nameservers = [], searches = [], options = [] } = pod.dnsConfig ?? {};
  const dnsConfig = { nameservers, searches, options: options.map(({ name, value }) => (value === null ? { name } : { name, value })) };
  const dnsPolicy = policy === 'ClusterFirstWithHostNet' ? 'ClusterFirst' : (policy as ProbeSpec['dnsPolicy']);
  return { node: pod.node, dnsPolicy, role: 'twin', ...(pod.dnsConfig === null ? {} : { dnsConfig }) };
}

/**
 * Asks as the named pod does: inside it where it has tools, else (when allowed) from an ephemeral container in it, else from a twin: a pod of
 * ours on its node with its DNS settings, which shares neither its labels nor its network namespace. Null when there is nothing to add.
 */
export async function askFromPod(context: CollectContext, target: Target): Promise<Asked | null> {
  const pod = target.pod;
  if (pod === undefined || pod.notRunning !== null || pod.nodeReady === false) return null;
  try {
    if (pod.execContainer !== null && pod.tools.length > 0) return await askByExec(context, target, pod, pod.execContainer);
    if (context.request.ephemeral) return await askByEphemeral(context, target, pod);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { failure: { node: pod.node ?? '', reason: error.reason, message: `in pod ${pod.namespace}/${pod.name}: ${error.message}` } };
  }
  const spec = context.probes === null ? null : twinSpec(pod);
  return spec === null ? null : askFromProbe(context, target, spec, 'twin');
}
