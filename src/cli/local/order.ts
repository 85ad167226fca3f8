import { z } from 'zod';
import { AuditEntry } from '../../domain/audit.ts';
import { Change } from '../../domain/change.ts';
import { CheckRequest } from '../../domain/request.ts';
import { RunId } from '../../domain/run.ts';
import { ClusterSettings } from '../../domain/settings.ts';

/** An order of the terminal, as it is kept on this machine: with how its cluster is reached, so that it can be undone from anywhere. */
export const LocalOrder = z.object({
  version: z.literal(1),
  cluster: z.object({
    access: z.union([
      z.object({ kind: z.literal('kubeconfig'), file: z.string().nullable(), context: z.string().nullable() }),
      z.object({ kind: z.literal('inCluster') }),
    ]),
    settings: ClusterSettings,
    /** Uid of its namespace kube-system, which no two clusters share; null: it could not be read. */
    uid: z.string().nullable(),
  }),
  /** The check that it rests on: its run, what was asked, and the root causes that it found. */
  run: RunId,
  request: CheckRequest,
  causes: z.array(z.string()),
  change: Change,
  /** A line that belongs to the audit and may not be there yet: the process may die between two files. */
  pending: AuditEntry.nullable(),
});
export type LocalOrder = z.infer<typeof LocalOrder>;

/** As people see and type it. */
export const shortId = (id: string): string => id.slice(0, 10);
