import type { NetworkPolicy, PolicyPod } from '../domain/network.ts';

type PolicyPort = NonNullable<NetworkPolicy['egress'][number]['ports']>[number];
/** What is asked for: the port at the far end, and its protocol in capitals. `named`: the pod whose port names count, null when none do. */
export type Ask = { port: number; protocol: string; named: PolicyPod | null };

/**
 * Whether a rule's ports hold the port asked for. No ports: all. The protocol is TCP when a rule does not say, so a rule `port: 53`
 * leaves DNS over UDP out. A name means the container port of that name and protocol in the pod that is called, in both directions.
 */
export function somePortMatches(ports: readonly PolicyPort[] | undefined, ask: Ask): boolean {
  return ports === undefined || ports.length === 0 || ports.some((port) => portMatches(port, ask));
}

function portMatches({ protocol = 'TCP', port, endPort }: PolicyPort, ask: Ask): boolean {
  if (protocol.toUpperCase() !== ask.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return ask.port >= port && ask.port <= (endPort ?? port);
  return ask.named?.ports.some((own) => own.name === port && own.port === ask.port && own.protocol.toUpperCase() === ask.protocol) ?? false;
}
