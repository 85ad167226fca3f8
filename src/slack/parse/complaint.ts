import { EXPECTED, hostNamed, nodeNamed, podNamed } from '../../rules/complaint-names.ts';
import { type Complaint, type Usage, usage } from './command.ts';
import type { Given } from './sort-words.ts';

/** Each name costs a lookup for each server and node. */
const MOST_NAMES = 10;

const YES = ['', 'yes', 'true', 'on', '1'];
const NO = ['no', 'false', 'off', '0'];

/** The host in what may be a URL: Slack and browsers make one of every name. */
const withoutUrl = (text: string): string => text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#:].*$/, '');

type Take = (complaint: Complaint, value: string) => Complaint | Usage;

const bad = (word: string, expected: string): Usage => usage('bad-value', 'check', { word, expected });

const takePod: Take = (complaint, value) => {
  const pod = podNamed(value);
  return pod === null ? bad(value, EXPECTED.pod) : { ...complaint, pod };
};

const takeNode: Take = (complaint, value) => {
  const node = nodeNamed(value);
  return node === null ? bad(value, EXPECTED.node) : { ...complaint, node };
};

const takeNames: Take = (complaint, value) => {
  const typed = value.split(',').filter((part) => part !== '');
  const wrong = typed.find((part) => hostNamed(withoutUrl(part)) === null);
  if (wrong !== undefined || typed.length === 0) return bad(wrong ?? value, EXPECTED.name);
  const names = [...new Set([...complaint.names, ...typed.map(withoutUrl)])];
  if (names.length <= MOST_NAMES) return { ...complaint, names };
  return usage('too-many-names', 'check', { expected: `expected at most ${MOST_NAMES} names` });
};

const takeQuick: Take = (complaint, value) => {
  const said = value.toLowerCase();
  if (YES.includes(said)) return { ...complaint, quick: true };
  return NO.includes(said) ? { ...complaint, quick: false } : bad(value, 'expected quick, without a value');
};

const TAKES: Partial<Record<Given['key'], Take>> = { pod: takePod, node: takeNode, name: takeNames, quick: takeQuick };

const isUsage = (value: Complaint | Usage): value is Usage => 'verb' in value;

/** What the options of a check say. `cluster` and `capture` are for others to read. */
export function complaintOf(options: readonly Given[]): Complaint | Usage {
  let complaint: Complaint = { pod: null, node: null, names: [], quick: false };
  for (const { key, value } of options) {
    const take = TAKES[key];
    if (take === undefined) continue;
    if (value === null && key !== 'quick') return usage('no-value', 'check', { word: key, expected: `expected ${key}=VALUE` });
    const next = take(complaint, value ?? '');
    if (isUsage(next)) return next;
    complaint = next;
  }
  return complaint;
}
