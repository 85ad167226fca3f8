import { REVIEW_FIELDS, reviewErrors } from '../../report/slack/views/review.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { FormState } from '../parse/form.ts';
import { orderAt, termsNow } from './known.ts';
import type { Review } from './named.ts';

/** What somebody wrote in a window about an order. */
export interface GivenWords {
  reason: string | null;
  typedName: string;
}

const LONGEST_REASON = 500;
const LONGEST_NAME = 253;

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const BLANK = /[\u0000-\u0020\u007F-\u009F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\s]+/g;

const oneLine = (text: string, most: number): string =>
  text
    .slice(0, 4 * most)
    .replace(BLANK, ' ')
    .trim()
    .slice(0, most);

/** Reads a submitted window about an order. It comes from a client: what is no text is nothing. */
export function givenIn(state: FormState): GivenWords {
  const typed = ({ block, action }: { block: string; action: string }): string => {
    const value = state[block]?.[action]?.value;
    return typeof value === 'string' ? value : '';
  };
  const reason = oneLine(typed(REVIEW_FIELDS.reason), LONGEST_REASON);
  return { reason: reason === '' ? null : reason, typedName: oneLine(typed(REVIEW_FIELDS.typedName), LONGEST_NAME) };
}

/** What is missing or wrong, by block, under the policy as it is now; null: nothing. */
export function wrongWith(
  counter: Pick<Counter, 'policy'>,
  known: KnownChange,
  { purpose }: Pick<Review, 'purpose'>,
  given: GivenWords,
): Record<string, string> | null {
  return reviewErrors({ terms: termsNow(counter, known), cluster: known.record.cluster, purpose, ...given });
}

/** Slack waits three seconds for what is wrong with a form: what is not known within this is said in the window afterwards. */
const SOON_MS = 1_500;

/** As `wrongWith`, soon enough to be said at the fields; null also where that could not be found out. Never rejects. */
export async function wrongAtOnce(counter: Counter, review: Review, given: GivenWords): Promise<Record<string, string> | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), SOON_MS);
  });
  const looked = orderAt(counter, review.place, review).then(
    (known) => (known === null ? null : wrongWith(counter, known, review, given)),
    () => null,
  );
  try {
    return await Promise.race([looked, late]);
  } finally {
    clearTimeout(timer);
  }
}
