import type { NetworkPolicy, PolicyPod } from '../domain/network.ts';
import { allowingRule, ordinaryLook, otherLooks } from './engine-reading.ts';
import type { Direction, EngineReading, Via } from './engine-reading.ts';
import { matches } from './label-selector.ts';
import { missingRule } from './missing-rule.ts';
import { isPod } from './policy-peer.ts';
import type { Endpoint } from './policy-peer.ts';

export type { Direction, EngineReading, Via } from './engine-reading.ts';
export type { Endpoint } from './policy-peer.ts';

export type PolicyVerdict = {
  direction: Direction;
  allowed: boolean;
  /** The policies that isolate the pod in this direction. Empty: nothing restricts it. */
  selecting: NetworkPolicy[];
  /** One rule that allows it (`rule` counts from 0 in the policy's ingress or egress); null when denied, or when nothing isolates the pod. */
  allowedBy: { policy: NetworkPolicy; rule: number } | null;
  /** A policy that would allow it; null when allowed. */
  missing: NetworkPolicy | null;
  /** Engines that judge before DNAT come to the other answer. */
  dependsOnEngine: boolean;
  /** All readings that come to the other answer. */
  differsIn: EngineReading[];
};

export type PathVerdict = {
  allowed: boolean;
  egress: PolicyVerdict;
  ingress: PolicyVerdict;
  blockedBy: Direction[];
  dependsOnEngine: boolean;
};

type Case = { direction: Direction; policies: readonly NetworkPolicy[]; judged: Endpoint; other: Endpoint; port: number; protocol: string };

/**
 * Whether policies let a client's packets out to a server's port (the pod's port, after DNAT). A server with several addresses matches an
 * ipBlock by any of them: give it one address to judge one family. With `via`, engines that judge the ClusterIP are considered too.
 */
export function egressVerdict(
  policies: readonly NetworkPolicy[],
  client: PolicyPod,
  server: Endpoint,
  port: number,
  protocol: string,
  via?: Via,
): PolicyVerdict {
  return judge({ direction: 'Egress', policies, judged: client, other: server, port, protocol: protocol.toUpperCase() }, via);
}

/**
 * Whether policies let a client's packets in to a server's port. Traffic from the server's own node always gets in, whatever policies say
 * (kubelet probes do): that is not judged here, because a pod does not say which node's address is its own.
 */
export function ingressVerdict(
  policies: readonly NetworkPolicy[],
  client: Endpoint,
  server: Endpoint,
  port: number,
  protocol: string,
): PolicyVerdict {
  return judge({ direction: 'Ingress', policies, judged: server, other: client, port, protocol: protocol.toUpperCase() });
}

/** Both directions of one path: out of the client and into the server. Replies are part of an allowed connection. A pod always reaches itself. */
export function pathVerdict(
  policies: readonly NetworkPolicy[],
  client: PolicyPod,
  server: Endpoint,
  port: number,
  protocol: string,
  via?: Via,
): PathVerdict {
  const own = isPod(server) && server.namespace === client.namespace && server.name === client.name;
  const egress = egressVerdict(own ? [] : policies, client, server, port, protocol, via);
  const ingress = ingressVerdict(own ? [] : policies, client, server, port, protocol);
  const blockedBy = [egress, ingress].filter(({ allowed }) => !allowed).map(({ direction }) => direction);
  const dependsOnEngine = egress.dependsOnEngine && ingress.allowed;
  return { allowed: blockedBy.length === 0, egress, ingress, blockedBy, dependsOnEngine };
}

function judge(asked: Case, via?: Via): PolicyVerdict {
  const { direction, other, port, protocol } = asked;
  const selecting = asked.policies.filter((policy) => isolates(policy, direction, asked.judged));
  // Named ports are those of the pod that is called: the other end of egress, the judged pod of ingress.
  const look = ordinaryLook(other, { port, protocol, named: direction === 'Egress' ? podOf(other) : podOf(asked.judged) });
  const allowedBy = allowingRule(selecting, direction, look);
  const allowed = selecting.length === 0 || allowedBy !== null;
  const differsIn = otherLooks(other, look, via)
    .filter(([, otherLook]) => selecting.length > 0 && (allowingRule(selecting, direction, otherLook) !== null) !== allowed)
    .map(([reading]) => reading);
  return {
    direction,
    allowed,
    selecting,
    allowedBy,
    missing: allowed ? null : missingRule({ direction, selecting, other, port, protocol }),
    dependsOnEngine: differsIn.includes('before-dnat'),
    differsIn,
  };
}

function podOf(endpoint: Endpoint): PolicyPod | null {
  return isPod(endpoint) ? endpoint : null;
}

/** Pods on the host network and plain addresses are never isolated. */
function isolates(policy: NetworkPolicy, direction: Direction, judged: Endpoint): boolean {
  if (!isPod(judged) || judged.hostNetwork || policy.namespace !== judged.namespace) return false;
  return policyTypes(policy).includes(direction) && matches(policy.podSelector, judged.labels);
}

/** The API server fills absent types in just so: Ingress always, Egress when there are egress rules. */
function policyTypes({ policyTypes: types, egress }: NetworkPolicy): readonly Direction[] {
  if (types.length > 0) return types;
  return egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}
