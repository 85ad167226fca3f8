import type { Permission } from '../domain/reading.ts';

/** What starting, asking and removing probe pods takes, in the probe pods' namespace. */
export const probeNeeds: readonly Permission[] = [
  { group: '', resource: 'pods', verb: 'create', scope: 'probe' },
  { group: '', resource: 'pods', verb: 'list', scope: 'probe' },
  { group: '', resource: 'pods', verb: 'delete', scope: 'probe' },
  { group: '', resource: 'pods/exec', verb: 'create', scope: 'probe' },
  { group: '', resource: 'pods/exec', verb: 'get', scope: 'probe' },
];
