import { allowDnsPolicy } from './allow-dns-policy.ts';
import { capturePackets } from './capture-packets.ts';
import { deleteCorednsPod } from './delete-coredns-pod.ts';
import { enableQueryLog } from './enable-query-log.ts';
import { raiseCorednsMemory } from './raise-coredns-memory.ts';
import type { AnyRemedy } from './remedy.ts';
import { repairDnsService } from './repair-dns-service.ts';
import { restartCoredns } from './restart-coredns.ts';
import { restartKubeProxy } from './restart-kube-proxy.ts';
import { restoreCorefile } from './restore-corefile.ts';
import { restoreRbac } from './restore-rbac.ts';
import { scaleCoredns } from './scale-coredns.ts';
import { setNdots } from './set-ndots.ts';
import { spreadCoredns } from './spread-coredns.ts';

/** All remedies. */
export const remedies: readonly AnyRemedy[] = [
  allowDnsPolicy,
  capturePackets,
  deleteCorednsPod,
  enableQueryLog,
  raiseCorednsMemory,
  repairDnsService,
  restartCoredns,
  restartKubeProxy,
  restoreCorefile,
  restoreRbac,
  scaleCoredns,
  setNdots,
  spreadCoredns,
];

/** The remedy with this id. */
export const remedyOf = (id: string): AnyRemedy | undefined => remedies.find((remedy) => remedy.id === id);
