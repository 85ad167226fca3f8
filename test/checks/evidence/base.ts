/** When the runs of the tests start; times in the evidence are relative to it. */
export const now = Date.parse('2026-11-23T12:00:00Z');

/** The time so many minutes before the run. */
export const minutesAgo = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

export const zone = 'cluster.local';

export const clusterIP = '10.100.0.10';

export const upstreamIP = '10.0.0.2';

export const internalName = 'kubernetes.default.svc.cluster.local.';

export const externalName = 'amazon.com.';

/** Two nodes with a CoreDNS pod each: `homes[0]` hosts `coredns-a`, `homes[1]` hosts `coredns-b`. */
export const homes = ['node-a', 'node-b'] as const;

export const corednsIPs = ['10.0.1.11', '10.0.2.12'] as const;
