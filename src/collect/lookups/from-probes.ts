import { Failure } from '../../base/failure.ts';
import type { ProbePod, ProbeSpec } from '../../cluster/probe-port.ts';
import type { Lookups } from '../../domain/lookups.ts';
import type { ResolvConf } from '../../domain/pod.ts';
import { parseResolvConf } from '../../formats/resolv-conf.ts';
import type { CollectContext } from '../collector.ts';
import { askFrom } from './ask-from.ts';
import { askedNames } from './asked.ts';
import { pinnedNames, plan, type Questions, questions, quickShots, usualShots } from './plan.ts';
import type { Place } from './second-look.ts';
import { corefileZone, serversFor, type Target, zoneOf } from './target.ts';
import { upstreamServers } from './upstream.ts';

export type Source = Lookups['sources'][number];

/** A place that was asked from, or why it could not be. */
export type Asked = { place: Place; source: Source } | { failure: Lookups['failures'][number] };

/** The questions from a place: its zone is the one of its search path, whatever CoreDNS serves. */
export function questionsFor(
  { request, settings }: CollectContext,
  target: Target,
  resolvConf: ResolvConf | null,
): Questions & { zone: string } {
  const zone = zoneOf(resolvConf) ?? corefileZone(target.corefile) ?? 'cluster.local';
  const asked = askedNames(request.names, zone, target.pod?.namespace ?? 'default');
  const external = settings.names.slice(0, request.quick ? 1 : 2);
  return { zone, ...questions(zone, { external, asked, pinned: pinnedNames(target.corefile) }) };
}

async function readResolvConf(pod: ProbePod, signal: AbortSignal): Promise<ResolvConf | null> {
  const { text } = await pod.run('cat /etc/resolv.conf', { signal, timeoutMs: 5_000, maxBytes: 64 << 10 });
  return text === '' ? null : parseResolvConf(text);
}

/** Starts (or takes) a probe pod and asks every server from it. A pod that cannot be started is a failure among the results. */
export async function askFromProbe(context: CollectContext, target: Target, spec: ProbeSpec, how: 'probe' | 'twin'): Promise<Asked> {
  const { probes, request, signal } = context;
  try {
    if (probes === null) throw new Failure('skipped', 'probe pods were not wanted');
    const pod = await probes.start(spec, { signal });
    const from = { node: spec.node, pod: pod.name, how };
    const resolvConf = await readResolvConf(pod, signal);
    const shots = request.quick ? quickShots : usualShots;
    const rows = await askFrom(pod, from, plan(serversFor(target, resolvConf), questionsFor(context, target, resolvConf), shots), {
      signal,
    });
    return { place: { from, run: pod, rows }, source: { ...from, dnsPolicy: spec.dnsPolicy, resolvConf } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { failure: { node: spec.node, reason: error.reason, message: error.message, allow: error.allow } };
  }
}

/** Asks the upstream itself, as CoreDNS on that node would: from a pod with the node's own DNS settings. */
export async function askUpstream(context: CollectContext, target: Target, node: string): Promise<Asked> {
  const { probes, signal } = context;
  try {
    if (probes === null) throw new Failure('skipped', 'probe pods were not wanted');
    const pod = await probes.start({ node, dnsPolicy: 'Default', role: 'probe' }, { signal });
    const from = { node, pod: pod.name, how: 'probe' as const };
    const resolvConf = await readResolvConf(pod, signal);
    const { upstream } = questionsFor(context, target, null);
    const asks = plan(
      upstreamServers(target.corefile, resolvConf),
      { local: [], upstream },
      { ...quickShots, upstream: { udp: 3, tcp: 1 } },
    );
    const rows = await askFrom(pod, from, asks, { signal });
    return { place: { from, run: pod, rows }, source: { ...from, dnsPolicy: 'Default', resolvConf } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { failure: { node, reason: error.reason, message: `asking the upstream directly: ${error.message}` } };
  }
}
