import type { Permission } from '../domain/reading.ts';
import type { AnyRemedy } from './remedy.ts';

/** The rights to take one of these Leases. */
const leaseRights = (names: string[], scope: Permission['scope']): Permission[] => [
  { group: 'coordination.k8s.io', resource: 'leases', verb: 'get', scope, names },
  { group: 'coordination.k8s.io', resource: 'leases', verb: 'create', scope },
  { group: 'coordination.k8s.io', resource: 'leases', verb: 'patch', scope, names },
];

/**
 * What a remedy needs besides what it names: the Lease that lets one change at a time into a cluster, or those of its own.
 */
export const leaseNeeds = ({ leases }: Pick<AnyRemedy, 'leases'>): readonly Permission[] =>
  leases === undefined ? leaseRights(['dns-medic-change'], 'probe') : leaseRights([...leases], 'capture');
