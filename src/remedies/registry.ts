import { deleteCorednsPod } from './delete-coredns-pod.ts';
import { enableQueryLog } from './enable-query-log.ts';
import type { AnyRemedy } from './remedy.ts';
import { repairDnsService } from './repair-dns-service.ts';
import { restartCoredns } from './restart-coredns.ts';
import { restartKubeProxy } from './restart-kube-proxy.ts';
import { restoreCorefile } from './restore-corefile.ts';

/** All remedies. */
export const remedies: readonly AnyRemedy[] = [
  deleteCorednsPod,
  enableQueryLog,
  repairDnsService,
  restartCoredns,
  restartKubeProxy,
  restoreCorefile,
];

/** The remedy with this id. */
export const remedyOf = (id: string): AnyRemedy | undefined => remedies.find((remedy) => remedy.id === id);
