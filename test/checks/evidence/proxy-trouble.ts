import type { LogClass } from '../../../src/domain/coredns.ts';
import { minutesAgo } from './base.ts';
import { logClass } from './logs.ts';

const fieldsOf = (over: Record<string, string>): Record<string, string> => ({
  afterSync: 'true',
  countSince: '8',
  firstAt: minutesAgo(6),
  ageSeconds: '20',
  reason: 'Get "https://172.30.0.99:6443/api/v1/services": dial tcp 172.30.0.99:6443: i/o timeout',
  ...over,
});

/** Lines of kube-proxy about a trouble that lasts, since its last start: eight over six minutes, the newest 20 s old. */
export const lasting = (name: string, over: Record<string, string> = {}): LogClass =>
  logClass(name, { count: 8, lastAt: minutesAgo(0.3), fields: fieldsOf(over) });

/** What kube-proxy says once it has read the API. */
export const synced = (): LogClass => logClass('synced', { lastAt: minutesAgo(60) });

/** What the API server says to a kube-proxy that may not read a resource. */
export const refusal = (resource: string, over: Record<string, string> = {}): LogClass =>
  lasting('api-forbidden', {
    user: 'system:serviceaccount:kube-system:kube-proxy',
    verb: 'list',
    resource,
    reason: `${resource} is forbidden: User "system:serviceaccount:kube-system:kube-proxy" cannot list resource "${resource}"`,
    ...over,
  });
