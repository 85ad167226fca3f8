import type { Corefile, Directive, ServerBlock } from '../domain/coredns.ts';
import type { Proof, Subject } from '../domain/finding.ts';
import { forwardTargets, type ForwardTarget, serverFor } from '../formats/corefile/server-for.ts';

/** A directive, its block, and where it stands in the reading. */
export interface PlacedDirective {
  directive: Directive;
  server: ServerBlock;
  pointer: string;
}

/** All directives of that name, in the order of the file. */
export const directivesNamed = (corefile: Corefile, name: string): PlacedDirective[] =>
  corefile.servers.flatMap((server, s) =>
    server.directives.flatMap((directive, d) =>
      directive.name === name ? [{ directive, server, pointer: `/servers/${s}/directives/${d}` }] : [],
    ),
  );

export const corefileSubject = ({ namespace, configMap }: Corefile): Subject => ({ kind: 'ConfigMap', namespace, name: configMap });

/** Arguments for kubectl about the Corefile. */
export const corefileArgs = ({ namespace, configMap, key }: Corefile): Record<string, unknown> => ({ namespace, configMap, key });

export const corefileProof = (pointer: string): Proof => ({ reading: 'corefile', pointer });

/** The port that plain DNS is served on: 53, unless the Corefile has it elsewhere (hardened images do, with a targetPort that fits). */
export function servedPort({ servers }: Corefile): number {
  const zones = servers.flatMap((server) => server.zones).filter(({ transport }) => transport === 'dns');
  return (zones.find(({ zone }) => zone === '.') ?? zones[0])?.port ?? 53;
}

/** The block that answers for a name. */
export const blockFor = (corefile: Corefile, name: string): ServerBlock | null => serverFor(corefile.servers, name, servedPort(corefile));

/** Whether a normalised name lies in a normalised zone. */
export const isInZone = (name: string, zone: string): boolean => zone === '.' || name === zone || name.endsWith(`.${zone}`);

/** A name as zones are compared: lower case, with the dot at the end. */
export const absolute = (name: string): string => name.toLowerCase().replace(/\.?$/, '.');

/** Plugins that ask other servers, ours or others'. `forward` takes only names below its first argument. */
const resolvers = ['proxy', 'grpc', 'unbound', 'recursive', 'recursor', 'fanout', 'alternate', 'dnsredir'];

/** Whether a block has a plugin that asks another server for this name. */
export const canResolve = (block: ServerBlock, name: string): boolean =>
  block.directives.some(({ name: plugin }) => resolvers.includes(plugin)) || forwardTargets(block).some(({ from }) => isInZone(name, from));

/** Where a name of the world is forwarded to; null when no `forward` of its block takes it. */
export function forwardFor(corefile: Corefile, name: string): ForwardTarget | null {
  const block = blockFor(corefile, name);
  return (block === null ? [] : forwardTargets(block)).find(({ from }) => isInZone(name, from)) ?? null;
}

/** Upstream addresses as written: `10.0.0.2`, with a port where it is not 53. */
export const upstreamNames = (target: ForwardTarget | null): string[] =>
  (target?.to ?? []).map(({ address, port, transport }) => (transport === 'file' || port === 53 ? address : `${address}:${port}`));
