import { join } from 'node:path';
import { openAuditFile } from '../../audit/file.ts';
import type { AuditLog } from '../../audit/log.ts';
import { type LocalCorefiles, openCorefiles } from './corefiles.ts';
import { type LocalOrders, openOrders } from './orders.ts';
import { stateDirectory } from './state-directory.ts';

/** The chain of what was done at this machine's terminals by this user. */
export const auditPath = (directory: string = stateDirectory()): string => join(directory, 'audit.jsonl');

/** What the terminal keeps on this machine. */
export interface LocalState {
  orders: LocalOrders;
  audit: AuditLog;
  corefiles: LocalCorefiles;
}

/** Opens it; nothing is written before something is kept. */
export function localState(directory: string = stateDirectory()): LocalState {
  const audit = openAuditFile({ path: auditPath(directory) });
  return { audit, orders: openOrders(join(directory, 'orders'), audit), corefiles: openCorefiles(join(directory, 'corefiles')) };
}
