import { Failure } from '../base/failure.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { CollectContext, Collector } from './collector.ts';
import { type Asked, askFromProbe, askUpstream } from './lookups/from-probes.ts';
import { askFromPod } from './lookups/from-pod.ts';
import { pinnedNames } from './lookups/plan.ts';
import { measureLoss, type Place, upstreamWorthALook } from './lookups/second-look.ts';
import { corefileZone, type Target, targetOf, zoneOf } from './lookups/target.ts';
import { probeNeeds } from './probe-needs.ts';
import { probeNodes } from './probe-nodes.ts';

const placesOf = (results: readonly Asked[]): Place[] => results.flatMap((result) => ('place' in result ? [result.place] : []));

/** What the first answers make worth asking: how much is lost, and what the upstream itself says. */
async function secondLook(
  context: CollectContext,
  target: Target,
  results: readonly Asked[],
): Promise<{ rows: Lookups['rows']; more: Asked[] }> {
  const places = placesOf(results);
  const node = places[0]?.from.node;
  const wanted =
    node !== undefined &&
    context.probes !== null &&
    upstreamWorthALook(
      places.flatMap((place) => place.rows),
      pinnedNames(target.corefile),
    );
  const [rows, upstream] = await Promise.all([
    measureLoss(
      places.filter((place) => place.from.how === 'probe'),
      context.signal,
    ).catch(() => []),
    wanted
      ? askUpstream(
          context,
          target,
          target.coredns.find((pod) => pod.node !== null && places.some((p) => p.from.node === pod.node))?.node ?? node,
        )
      : null,
  ]);
  return { rows, more: upstream === null ? [] : [upstream] };
}

function summary(target: Target, results: readonly Asked[], extra: Lookups['rows']): Lookups {
  const sources = results.flatMap((result) => ('source' in result ? [result.source] : []));
  const zones = sources.map((source) => zoneOf(source.resolvConf)).filter((zone) => zone !== null);
  return {
    zone: zones[0] ?? corefileZone(target.corefile) ?? 'cluster.local',
    rows: [...placesOf(results).flatMap((place) => place.rows), ...extra],
    sources,
    failures: results.flatMap((result) => ('failure' in result ? [result.failure] : [])),
  };
}

/** The lookup matrix: names by servers by protocols, from the pod of the complaint and from probe pods on one to three nodes. */
export const lookups: Collector<'lookups'> = {
  id: 'lookups',
  title: 'Asking every CoreDNS pod from several nodes',
  after: ['nodes', 'cluster-class', 'dns-service', 'endpoint-slices', 'coredns-pods', 'corefile', 'pod'],
  needs: probeNeeds,
  timeoutMs: 45_000,
  async collect(context) {
    const { request } = context;
    const target = targetOf(context);
    const complaint = request.node ?? target.pod?.node ?? null;
    const max = request.quick ? 1 : target.nodes.length > 2 ? 3 : 2;
    const { nodes, refused } = probeNodes({ nodes: target.nodes, coredns: target.coredns, complaint, max });
    const asked = await Promise.all([
      ...(context.probes === null
        ? []
        : nodes.map((node) => askFromProbe(context, target, { node, dnsPolicy: 'ClusterFirst', role: 'probe' }, 'probe'))),
      askFromPod(context, target),
    ]);
    const results: Asked[] = [
      ...asked.filter((result) => result !== null),
      ...refused.map(({ node, reason }) => ({ failure: { node, reason: 'error', message: reason } })),
    ];
    const { rows, more } = await secondLook(context, target, results);
    const seen = summary(target, [...results, ...more], rows);
    if (seen.rows.length > 0) return seen;
    const first = seen.failures[0];
    if (first === undefined)
      throw new Failure(
        'skipped',
        context.probes === null ? 'probe pods were not wanted, and no pod was named that could ask' : 'there is no node to ask from',
      );
    throw new Failure(first.reason === 'forbidden' || first.reason === 'timeout' ? first.reason : 'error', first.message, {
      allow: first.allow,
    });
  },
};
