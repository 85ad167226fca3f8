import type { LookupRow } from '../../domain/lookups.ts';

/**
 * What is asked together. `first`: whether the server answers at all; `local` and `upstream` are asked only where it does: names that CoreDNS knows
 * itself, and names that it must ask for, which may be slow.
 */
export type Batch = 'first' | 'local' | 'upstream';

/** One row to ask for: what, where, how often. Rows of a batch are asked in one process, one after the other. */
export interface Ask {
  server: string;
  port: number;
  serverKind: LookupRow['serverKind'];
  serverPod: string | null;
  serverNode: string | null;
  proto: LookupRow['proto'];
  name: string;
  role: LookupRow['role'];
  type: string;
  shots: number;
  /** Asks with the same server, protocol and batch share their processes, so that a slow name does not hold up the others. */
  batch: Batch;
}

/** A server that may be asked. */
export type Server = Pick<Ask, 'server' | 'port' | 'serverKind' | 'serverPod' | 'serverNode'>;

/** A name to ask for; it ends in a dot, unless the search path is to be tried. `%` stands for something never asked before. */
export type Question = Pick<Ask, 'name' | 'role'>;

const label = /^(?!-)[a-z0-9_%-]{1,63}(?<!-)$/i;

/** Whether a host name is safe to put on a command line and into a DNS packet. */
export const isHostName = (name: string): boolean =>
  name.length <= 253 &&
  name
    .replace(/\.$/, '')
    .split('.')
    .every((part) => label.test(part));

/** Whether an address is an IP address, by its characters: what is put on a command line. */
export const isAddress = (address: string): boolean => /^[0-9a-f.:]{2,45}$/i.test(address) && /[.:]/.test(address);

/** What `%` in a name is replaced by: not a secret, only something that no cache has seen. */
export const nonce = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, '0');
