import type { LookupRow } from '../../../src/domain/lookups.ts';
import { clusterIP, homes, internalName } from './base.ts';
import { row } from './lookups.ts';

/** A lookup made inside the named pod, shop/cart-1, with dig: by default it came through. */
export const inPod = (over: Partial<LookupRow> = {}): LookupRow =>
  row({ from: { node: homes[0], pod: 'shop/cart-1', how: 'exec' }, name: internalName, ...over });

/** A lookup through the named pod's own resolver, as getent makes it: without flags, and with NXDOMAIN for whatever was not found. */
export const throughResolver = (name: string, role: LookupRow['role'], isFound: boolean): LookupRow =>
  inPod({
    server: clusterIP,
    serverKind: 'resolver',
    name,
    role,
    shots: 2,
    answered: 2,
    rcodes: { [isFound ? 'NOERROR' : 'NXDOMAIN']: 2 },
    answers: isFound ? ['10.100.7.7'] : [],
    flags: [],
  });

/** A nameserver that is not the Service's, asked from inside the named pod for the name that every cluster has. */
export const askedAt = (server: string, over: Partial<LookupRow> = {}): LookupRow => inPod({ server, serverKind: 'nameserver', ...over });
