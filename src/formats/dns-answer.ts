/** How a query ended that no answer came to; the words of `LookupRow.failure`. */
export type QueryFailure = 'timeout' | 'refused' | 'unreachable' | 'other';

/** One query as a client tool reported it. */
export interface DigAnswer {
  /** As asked, with the final dot; null when the tool did not say (dig is silent about the name when nothing came back over UDP). */
  name: string | null;
  type: string | null;
  /** NOERROR, NXDOMAIN, ...; null when there was no answer. */
  rcode: string | null;
  /** Header flags, sorted. */
  flags: string[];
  /** Data of the answer's records, as written: addresses, targets of CNAMEs, quoted texts. At most 64. */
  answers: string[];
  timeMs: number | null;
  failure: QueryFailure | null;
  /** Who was asked, `10.100.0.10#53`, where it is said. */
  server: string | null;
  /** The UDP answer was truncated and the query repeated over TCP. */
  truncated: boolean;
}

export const mostAnswers = 64;
export const longestAnswer = 300;

export const emptyAnswer = (): DigAnswer => ({
  name: null,
  type: null,
  rcode: null,
  flags: [],
  answers: [],
  timeMs: null,
  failure: null,
  server: null,
  truncated: false,
});

const failures: [QueryFailure, RegExp][] = [
  ['refused', /connection refused/i],
  ['unreachable', /(?:host|network|net) (?:is )?unreachable|no route to host|permission denied|not permitted|address not available/i],
  ['timeout', /timed? ?out/i],
];

/** Sorts the words of a tool or of the kernel about a query that failed. */
export const queryFailure = (text: string): QueryFailure => failures.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
