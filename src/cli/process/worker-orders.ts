import { cipherOf } from '../../access/cipher.ts';
import { sealOf } from '../../access/seal.ts';
import type { WorkerSettings } from '../../config/environment.ts';
import type { Policy } from '../../domain/access.ts';
import { openCaptureFiles } from '../../queue/capture-files.ts';
import { openChanges } from '../../queue/changes.ts';
import { connectRedis, endRedis } from '../../queue/connect.ts';
import { openCorefiles } from '../../queue/corefiles.ts';
import { sealedProposals } from '../../queue/lives.ts';
import type { Lifecycle } from './lifecycle.ts';
import { fieldsOf } from './log-fields.ts';
import { keepingCaptures } from './keep-captures.ts';
import type { Kept } from './perform.ts';
import type { ChangeWork, OrderBook } from './perform-change.ts';
import { seldom } from './bot-hooks.ts';
import type { Log } from '../../telemetry/log.ts';
import { goodCorefile } from '../good-corefile.ts';

/** What a worker keeps in Redis beside its runs: orders, the audit, Corefiles that worked, and for a while files of captures. */
export interface WorkerOffice {
  book: OrderBook;
  kept: Kept;
  changes: Omit<ChangeWork, 'act'>;
  /** Carries orders out as `act` does, and keeps what they capture. */
  keeping(act: ChangeWork['act']): ChangeWork['act'];
}

/** Opens it, over a connection of its own that ends with the process. */
export function openWorkerOffice(settings: WorkerSettings, policy: Policy, log: Log, life: Lifecycle): WorkerOffice {
  const { redisUrl, prefix, keepSeconds, orderSecrets } = settings;
  const onError = seldom(log, 'trouble with Redis');
  const redis = connectRedis(redisUrl, 'producer', onError);
  life.started({ name: 'orders', stop: () => Promise.resolve(endRedis(redis)) });
  const onUnreadable = (run: string): void => log.error({ run }, 'the record of a run cannot be understood');
  const seal = sealOf(orderSecrets);
  const book = openChanges({ redis, prefix, seal, keepSeconds, onUnreadable });
  const corefiles = openCorefiles({ redis, prefix, keepSeconds });
  const captures = openCaptureFiles({ redis, prefix, cipher: cipherOf(orderSecrets), onError });
  return {
    book,
    kept: {
      corefiles: (cluster) => corefiles.list(cluster),
      sealed: (run, proposals) => sealedProposals(seal, run, proposals),
      onReport: (cluster, bundle, report) => {
        const good = goodCorefile(bundle, report);
        if (good !== null) void corefiles.keep(cluster, good).catch(onError);
      },
    },
    keeping: (act) => keepingCaptures(captures, act),
    changes: { book, policy, log: (level, message, fields) => log[level](fieldsOf(fields), message) },
  };
}
