import { performChange, planFor, type ActHooks } from '../../../src/cli/change-engine.ts';
import { newRunId } from '../../../src/cli/run-id.ts';
import { DEFAULTS, type Target } from '../../../src/config/load.ts';
import { type Change, isPlanned, newChange, type Proposal } from '../../../src/domain/change.ts';
import type { ActResult } from '../../../src/domain/plan.ts';
import type { CheckRequest } from '../../../src/domain/request.ts';
import type { RunStep } from '../../../src/domain/run.ts';

/** Apart from those of an installation on the same cluster. */
export const [PROBES, CAPTURES] = ['dns-medic-test-capture-probes', 'dns-medic-test-capture'];

export const targetOf = (kubeconfig: string, image = DEFAULTS.probe.image): Target => ({
  name: 'test',
  access: { kind: 'kubeconfig', file: kubeconfig, context: null },
  settings: { ...DEFAULTS, probe: { ...DEFAULTS.probe, namespace: PROBES ?? '', image }, capture: { namespace: CAPTURES ?? '' } },
});

export interface Wish {
  pod?: string;
  params?: Record<string, unknown>;
}

const requestOf = ({ pod, params = {} }: Wish): CheckRequest => ({
  ...{ cluster: 'test', pod: pod ?? null, node: null, names: [], quick: true, probePods: false, ephemeral: false, timeoutMs: 60_000 },
  remedy: { id: 'capture-packets', params: { seconds: 5, ...params } },
});

/** What is proposed for this wish. */
export async function proposed(target: Target, wish: Wish): Promise<{ proposal: Proposal; request: CheckRequest }> {
  const request = requestOf(wish);
  const listeners = { onStep: () => undefined, onLeft: () => undefined };
  const { proposals } = await planFor(target, request, async () => [], listeners, AbortSignal.timeout(60_000));
  const proposal = proposals.find((one) => (isPlanned(one) ? one.plan.remedy : one.none.remedy) === 'capture-packets');
  if (proposal === undefined) throw new Error('nothing was proposed');
  return { proposal, request };
}

/** An order as it is when its work begins. */
export async function ordered(target: Target, wish: Wish): Promise<{ change: Change; request: CheckRequest }> {
  const { proposal, request } = await proposed(target, wish);
  if (!isPlanned(proposal)) throw new Error(`no plan: ${proposal.none.says} ${proposal.none.next.join(' ')}`);
  return { change: { ...newChange(proposal), state: 'running' }, request };
}

/** Carries it out. `onStep` hears of it while it goes on. */
export function performed(
  target: Target,
  { change, request }: { change: Change; request: CheckRequest },
  more: Partial<ActHooks> & { onStep?: (step: RunStep) => void } = {},
): Promise<ActResult> {
  const never = new AbortController().signal;
  const hooks: ActHooks = {
    onStep: () => undefined,
    onWrote: async () => undefined,
    onBefore: async () => undefined,
    stopping: never,
    signal: never,
    ...more,
  };
  return performChange(target, { change, act: 'apply', run: newRunId(), request }, hooks);
}
