import { Failure } from '../../../src/base/failure.ts';
import type { Json } from '../../../src/cluster/port.ts';
import type { ReadingData } from '../../../src/domain/evidence.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import { type AnyRemedy, isDraft, type NoDraft, type PlanContext } from '../../../src/remedies/remedy.ts';
import { planContext } from '../plan-world.ts';
import { ApiWorld } from './api-world.ts';

/** A cluster whose objects a plan reads and an act writes. */
export class EditWorld extends ApiWorld {
  /** What the API server says to a write that is only tried. */
  refusal: Failure | null = null;

  planContext(over: Partial<ReadingData> = {}, without: (keyof ReadingData)[] = []): PlanContext {
    const get = (path: string): Promise<Json> => {
      const object = this.at(path);
      return object === undefined
        ? Promise.reject(new Failure('missing', 'not found', { status: 404 }))
        : Promise.resolve(structuredClone(object));
    };
    const context = planContext(over, {}, without);
    // with dryRun nothing is written
    const tried = (): Promise<Json> => (this.refusal === null ? Promise.resolve({}) : Promise.reject(this.refusal));
    return { ...context, port: { ...context.port, get, create: tried, patch: tried } };
  }
}

/** The plan that a remedy makes. Throws where it makes none. */
export async function planned(remedy: AnyRemedy, context: PlanContext, params: object = {}): Promise<Plan> {
  const draft = await remedy.plan(context, remedy.params.parse(params) as never);
  if (!isDraft(draft)) throw new Error(`no plan: ${draft.says}`);
  // as it comes back from where it is kept
  return JSON.parse(JSON.stringify(draft)) as Plan;
}

/** Why a remedy makes no plan. Throws where it makes one. */
export async function notPlanned(remedy: AnyRemedy, context: PlanContext, params: object = {}): Promise<NoDraft> {
  const draft = await remedy.plan(context, remedy.params.parse(params) as never);
  if (isDraft(draft)) throw new Error(`a plan: ${draft.summary}`);
  return draft;
}

/** Applies a plan, or takes it back. */
export const act = (remedy: AnyRemedy, world: ApiWorld, plan: Plan, way: 'apply' | 'undo' = 'apply') =>
  remedy[way]?.(world.context(), remedy.data.parse(plan.data) as never, plan);
