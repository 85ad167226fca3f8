import { Failure } from '../base/failure.ts';
import type { Proposal } from '../domain/change.ts';
import { NoPlan, Plan, type RemedyWish } from '../domain/plan.ts';
import type { Permission } from '../domain/reading.ts';
import type { Bundle, Report } from '../domain/report.ts';
import { leaseNeeds } from '../remedies/needs.ts';
import { problemsOf } from '../remedies/wrong-params.ts';
import { type AnyRemedy, isDraft, type NoDraft, type PlanContext } from '../remedies/remedy.ts';

/** What proposing works with. */
export interface Proposing {
  remedies: readonly AnyRemedy[];
  /** Of these rights those that we lack, as RBAC rules; rejects with a Failure when nobody says. */
  missing: (needs: readonly Permission[]) => Promise<string[]>;
  /** 32 hexadecimal digits, new each time. */
  newId(): string;
  digest(plan: Plan): string;
  context: Omit<PlanContext, 'evidence' | 'request'>;
}

/** So many plans at most: more buttons than that help nobody. */
const MOST_PLANS = 6;
const PLAN_MS = 15_000;
/** A plan that is larger is none that anybody could read. Bytes. */
const LARGEST_PLAN = 400_000;

/** Where nothing else can be done, what CoreDNS is asked shows more. */
const LAST_RESORT = 'enable-query-log';

/** A wish, and the codes that it is proposed for; `asked`: somebody asked for it by name. */
interface Wish extends RemedyWish {
  for: string[];
  asked: boolean;
}

const sameAs = (one: RemedyWish) => {
  const text = JSON.stringify([one.id, one.params]);
  return (other: RemedyWish): boolean => JSON.stringify([other.id, other.params]) === text;
};

/** What somebody asked for, then what the root causes name, worst first, each once. What only looks once, whatever with: one look shows all. */
function wishesOf({ findings }: Report, asked: RemedyWish | undefined, onlyLooks: (id: string) => boolean): Wish[] {
  const wishes: Wish[] = asked === undefined ? [] : [{ ...asked, for: [], asked: true }];
  const same = (remedy: RemedyWish) => (onlyLooks(remedy.id) ? ({ id }: RemedyWish) => id === remedy.id : sameAs(remedy));
  for (const { code, explainedBy, severity, remedies } of findings) {
    if (explainedBy !== null || severity === 'info') continue;
    for (const remedy of remedies) {
      const known = wishes.find(same(remedy));
      if (known === undefined) wishes.push({ ...remedy, for: [code], asked: false });
      else if (!known.for.includes(code)) known.for.push(code);
    }
  }
  return wishes;
}

const none = (wish: RemedyWish, { why, says, ...rest }: NoDraft, allow: readonly string[] = []): NoPlan =>
  NoPlan.parse({ remedy: wish.id, params: wish.params, why, says, next: rest.next ?? [], offers: rest.offers ?? [], allow });

async function draftOf(remedy: AnyRemedy, params: unknown, context: PlanContext) {
  try {
    return await remedy.plan(context, params as never);
  } catch (error) {
    const says =
      error instanceof Failure ? error.message : `it could not be planned: ${error instanceof Error ? error.message : String(error)}`;
    return { why: 'unknown', says } as const;
  }
}

function planOf(remedy: AnyRemedy, wish: Wish, params: unknown, draft: object, context: PlanContext): Plan | null {
  const { id, risk, effect } = remedy;
  const given = draft as Partial<Plan>;
  // a look mends nothing
  const proves = remedy.changesNothing === true ? [] : [...new Set([...wish.for, ...(given.proves ?? remedy.proves)])];
  const whole = { risk, effect, params, ...draft, proves, remedy: id, cluster: context.request.cluster, madeAt: context.now() };
  // as it will be read from where it is kept
  const text = JSON.stringify(whole);
  return text.length > LARGEST_PLAN ? null : Plan.parse(JSON.parse(text));
}

async function planWish(remedy: AnyRemedy | undefined, wish: Wish, context: PlanContext): Promise<Plan | NoPlan> {
  if (remedy === undefined) return none(wish, { why: 'not-here', says: `there is no remedy ${wish.id}` });
  const params = remedy.params.safeParse(wish.params);
  if (!params.success) return none(wish, { why: 'not-here', says: problemsOf(params.error) });
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(PLAN_MS)]);
  const draft = await draftOf(remedy, params.data, { ...context, signal });
  if (!isDraft(draft)) return none(wish, draft);
  return (
    planOf(remedy, wish, params.data, draft, context) ??
    none(wish, { why: 'unsafe', says: 'what it would change is too large to be shown, so nobody could approve it' })
  );
}

/** Rights are asked for last: only where there is a plan does it matter that it may not be carried out. */
async function withRights(planned: Plan | NoPlan, remedy: AnyRemedy | undefined, { missing }: Proposing): Promise<Plan | NoPlan> {
  if ('why' in planned || remedy === undefined) return planned;
  try {
    const allow = await missing([
      ...leaseNeeds(remedy),
      ...(remedy.uses?.(planned) ?? remedy.needs).filter(({ optional }) => optional !== true),
    ]);
    const says = 'this worker may only read here';
    const next = remedy.rightsBy === undefined ? [] : [remedy.rightsBy];
    return allow.length === 0 ? planned : none({ id: planned.remedy, params: planned.params }, { why: 'rights', says, next }, allow);
  } catch (error) {
    const says = `whether it may be done could not be asked: ${error instanceof Error ? error.message : String(error)}`;
    return none({ id: planned.remedy, params: planned.params }, { why: 'unknown', says });
  }
}

/** Whether the query log is worth offering: something is wrong, and nothing that mends it was planned. */
const isLastResort = ({ verdict }: Report, planned: readonly (Plan | NoPlan)[], onlyLooks: (id: string) => boolean): boolean =>
  verdict.status !== 'healthy' && !planned.some((one) => ('summary' in one && !onlyLooks(one.remedy)) || one.remedy === LAST_RESORT);

/**
 * What can be done about what a check found: a plan for each remedy that a root cause names, best first, or why there is none. It reads the
 * cluster and changes nothing. Never rejects: a remedy that cannot be planned says so; but of a look that nobody asked for, and that cannot be, for
 * want of a right above all, there is no word. For a healthy cluster it asks for nothing.
 */
export async function propose(report: Report, bundle: Bundle, tools: Proposing): Promise<Proposal[]> {
  const { request } = bundle.run;
  const context: PlanContext = {
    ...tools.context,
    evidence: bundle.readings,
    request: { ...request, cluster: bundle.run.cluster },
  };
  const remedyOf = (id: string): AnyRemedy | undefined => tools.remedies.find((remedy) => remedy.id === id);
  const plan = async (wish: Wish) => withRights(await planWish(remedyOf(wish.id), wish, context), remedyOf(wish.id), tools);
  const onlyLooks = (id: string): boolean => remedyOf(id)?.changesNothing === true;
  const wishes = wishesOf(report, request.remedy, onlyLooks).slice(0, MOST_PLANS);
  const all = await Promise.all(wishes.map(async (wish) => ({ wish, one: await plan(wish) })));
  const planned = all.filter(({ wish, one }) => !('why' in one) || wish.asked || !onlyLooks(wish.id)).map(({ one }) => one);
  if (isLastResort(report, planned, onlyLooks) && remedyOf(LAST_RESORT))
    planned.push(await plan({ id: LAST_RESORT, params: {}, for: [], asked: false }));
  return planned.map((one) => ('why' in one ? { id: null, none: one } : { id: tools.newId(), plan: one, digest: tools.digest(one) }));
}
