import { z } from 'zod';

/** The ids of all remedies: what a policy may name. */
export const RemedyId = z.enum([
  'enable-query-log',
  'restart-coredns',
  'delete-coredns-pod',
  'restore-corefile',
  'repair-dns-service',
  'restart-kube-proxy',
  'restore-rbac',
  'scale-coredns',
  'spread-coredns',
  'allow-dns-policy',
  'set-ndots',
  'raise-coredns-memory',
  'capture-packets',
]);
export type RemedyId = z.infer<typeof RemedyId>;

/** Those that change nothing: they show more, and mend nothing. */
export const LOOKS: readonly string[] = ['capture-packets'] satisfies RemedyId[];
