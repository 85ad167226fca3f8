import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure.ts';
import type { ClusterPort } from '../../cluster/port.ts';
import type { Collector } from '../../collect/collector.ts';
import type { Bundle } from '../../domain/report.ts';

/**
 * The collectors of a run that was recorded: each gives what it gave then, well or not, and takes as long as it took. Collectors that did not run
 * then do not run now.
 */
export function recordedCollectors(bundle: Bundle, collectors: readonly Collector[]): Collector[] {
  return collectors.map((collector) => {
    const reading = bundle.readings[collector.id];
    return {
      ...collector,
      skip: () => (reading === undefined ? 'it was not recorded' : null),
      collect: async ({ signal }) => {
        await sleep(reading?.durationMs ?? 0, undefined, { signal });
        if (reading?.status === 'ok') return reading.data as never;
        throw new Failure(reading?.reason ?? 'missing', reading?.message ?? 'it was not recorded', { allow: reading?.allow });
      },
    };
  });
}

const nothing = (): Promise<never> =>
  Promise.reject(new Failure('missing', 'this is a recorded cluster: it answers only what was asked of it then'));

/** The door to a recorded cluster: it is there, it cost what it cost then, and knows nothing more. */
export function recordedPort({ cost }: Bundle): ClusterPort {
  return {
    get: (path) => (path === '/version' ? Promise.resolve({ gitVersion: 'recorded' }) : nothing()),
    list: nothing,
    text: nothing,
    logs: nothing,
    exec: nothing,
    create: nothing,
    patch: nothing,
    delete: nothing,
    cost: () => cost,
    close: () => Promise.resolve(),
  };
}
