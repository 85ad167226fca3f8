/** What somebody complains about: where, and which names. Names are valid for Kubernetes and DNS. */
export interface Complaint {
  pod: string | null;
  node: string | null;
  names: string[];
  quick: boolean;
}

/**
 * What a person asks the bot for. `run` null: the newest one here. `form`: they said nothing, and are offered a form. `remedy`: `params` as they
 * were typed; `reason` null: none was given.
 */
export type Command =
  | { verb: 'check'; cluster: string; complaint: Complaint }
  | { verb: 'remedy'; cluster: string; remedy: { id: string; params: Record<string, string> }; complaint: Complaint; reason: string | null }
  | { verb: 'doctor' | 'history'; cluster: string }
  | { verb: 'status' | 'cancel'; run: string | null }
  | { verb: 'clusters' | 'remedies' | 'help' | 'form' };

export type Verb = Command['verb'];

/** What was wrong with a command. */
export type Problem =
  | 'too-long'
  | 'unknown-word'
  | 'no-cluster'
  | 'unknown-cluster'
  | 'no-remedy'
  | 'unknown-remedy'
  | 'bad-param'
  | 'no-value'
  | 'bad-value'
  | 'too-many-names'
  | 'bad-run';

/** A command that could not be understood. Nothing is guessed: what was probably meant is only offered. */
export interface Usage {
  verb: 'usage';
  problem: Problem;
  /** The verb that it was read as; null when it could not be told. */
  about: Exclude<Verb, 'form'> | null;
  /** The word that is wrong, as typed, at most 80 characters; it may be anything. Null when one is missing. */
  word: string | null;
  /** What is expected in its place. */
  expected: string | null;
  /** The whole command as it was probably meant, to be copied. */
  didYouMean: string | null;
}

const LONGEST_WORD = 80;

const shown = (word: string): string => (word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD - 1)}…` : word);

/** A `Usage` with what is known of it. */
export function usage(problem: Problem, about: Usage['about'], rest: Partial<Pick<Usage, 'word' | 'expected' | 'didYouMean'>> = {}): Usage {
  const { word = null, expected = null, didYouMean = null } = rest;
  return { verb: 'usage', problem, about, word: word === null ? null : shown(word), expected, didYouMean };
}
