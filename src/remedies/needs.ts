import type { Permission } from '../domain/reading.ts';

/** What every change needs besides what its remedy names: the Lease that lets one change at a time into a cluster. */
export const changeNeeds: readonly Permission[] = [
  { group: 'coordination.k8s.io', resource: 'leases', verb: 'get', scope: 'probe', names: ['dns-medic-change'] },
  { group: 'coordination.k8s.io', resource: 'leases', verb: 'create', scope: 'probe' },
  { group: 'coordination.k8s.io', resource: 'leases', verb: 'patch', scope: 'probe', names: ['dns-medic-change'] },
];
