import { Failure } from '../../base/failure.ts';
import { collectors } from '../../collect/registry.ts';
import type { Bundle } from '../../domain/report.ts';
import { diagnose } from '../../flows/diagnose.ts';
import { recordedCollectors, recordedPort } from '../../lab/replay/collectors.ts';
import type { Engine } from '../process/perform.ts';

/** The same run, each step in `times` the time that it took. */
const inTime = (bundle: Bundle, times: number): Bundle => ({
  ...bundle,
  readings: Object.fromEntries(
    Object.entries(bundle.readings).map(([id, reading]) => [id, { ...reading, durationMs: Math.round(reading.durationMs * times) }]),
  ),
});

/**
 * The engine on clusters that were recorded: the steps, judgement and report are the real ones, only what a cluster would answer comes from a
 * bundle. `times`: how long a step takes, as a multiple of what it took (0: no time at all).
 */
export function recordedEngine(bundleOf: (cluster: string) => Promise<Bundle>, times: number): Engine {
  return {
    check: async (target, request, id, signal, { onStep }) => {
      const bundle = inTime(await bundleOf(target.name), times);
      const began = Date.now();
      const recordedAt = Date.parse(bundle.run.startedAt);
      return diagnose({
        id,
        port: recordedPort(bundle),
        probes: null,
        collectors: recordedCollectors(bundle, collectors),
        request: { ...bundle.run.request, cluster: request.cluster, timeoutMs: request.timeoutMs },
        settings: target.settings,
        signal,
        // what happened shortly before the run was recorded happened shortly before it
        now: () => recordedAt + Date.now() - began,
        onStep,
      });
    },
    doctor: () => Promise.reject(new Failure('skipped', 'a recorded cluster cannot be asked what somebody may do there')),
    propose: null,
    act: () => Promise.reject(new Failure('skipped', 'a recorded cluster cannot be changed')),
    sweepChange: () => Promise.resolve(null),
    sweep: () => Promise.resolve(),
  };
}
