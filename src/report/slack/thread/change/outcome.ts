import type { ActResult, Plan, QuerySummary } from '../../../../domain/plan.ts';
import { beforeAfter, capital, ownerWords, proofSentences } from '../../../change-words.ts';
import { queryAmount, queryBlocks, searchWords } from '../../../query-words.ts';
import { duration } from '../../../terminal/amounts.ts';
import { line, listing, type Part, prose, stepList } from '../../text/parts.ts';
import { stepOf } from '../../text/steps.ts';
import { bold, ours, words } from '../../text/words.ts';

/** Of what is to be done next: the rest of the message needs room too. */
const heaviestSteps = 2000;

/** The two looks side by side, and what they prove. */
export function proofParts(result: ActResult): Part[] {
  const { proof, effectMs } = result;
  const rows = beforeAfter(result);
  if (rows.length === 0) return [];
  const lines = rows.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
  const took = proof === 'fixed' && effectMs !== null ? ` It showed ${duration(effectMs)} after the first write.` : '';
  // a head that says so already need not be said twice
  const said =
    proof === 'unknown' && result.outcome === 'unverified' ? [] : [line(words`${bold(ours(proofSentences[proof]))}${ours(took)}`)];
  return [listing('Before → after', lines, { heaviest: 1000 }), ...said];
}

/** What to do next, as the remedy says. */
export const nextParts = (next: readonly string[]): Part[] => {
  const steps = next.map((one) => stepOf(capital(one)));
  return steps.length === 0 ? [] : [stepList('What next', steps, 6, heaviestSteps)];
};

/** Where the change will be taken back: when, and the way that lasts. */
export function lastingParts(plan: Plan): Part[] {
  return ownerWords(plan)
    .slice(0, 2)
    .flatMap(({ says, durable }) => [
      prose(`⚠️ This will not last. ${says}`, 500),
      ...(durable.length === 0 ? [] : [listing('So that it lasts', durable, { mostLines: 20, heaviest: 1200 })]),
    ]);
}

/** The lines of a query log, summed up. */
export function queryParts(queries: QuerySummary): Part[] {
  const share = searchWords(queries);
  return [
    line(ours([queryAmount(queries), ...(share === null ? [] : [share])].join(' '))),
    ...queryBlocks(queries).map(({ title, lines }) => listing(title, lines, { mostLines: 10, widest: 200, heaviest: 900 })),
  ];
}
