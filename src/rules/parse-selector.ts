import type { LabelSelector } from '../domain/coredns.ts';

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

const KEY = '[A-Za-z0-9][-A-Za-z0-9_./]*';
const IN = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const COMPARED = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)$`);
const PRESENT = new RegExp(`^(!?)\\s*(${KEY})$`);
const MAX_LENGTH = 4096;

/**
 * A selector written as text (`a=b,c!=d,e in (x,y),!f`, as in `kubectl -l`) as an object; null when it cannot be read, which includes
 * the comparisons `<` and `>` that only node affinity has. An empty text selects everything.
 */
export function parseSelector(text: string): LabelSelector | null {
  if (text.length > MAX_LENGTH) return null;
  if (text.trim() === '') return {};
  const labels = new Map<string, string>();
  const matchExpressions: Requirement[] = [];
  for (const term of terms(text)) {
    const requirement = parseTerm(term.trim());
    if (requirement === null) return null;
    if (isEquality(requirement, labels)) labels.set(requirement.key, requirement.values[0]);
    else matchExpressions.push(requirement);
  }
  return {
    ...(labels.size > 0 ? { matchLabels: Object.fromEntries(labels) } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}

/** A key asked for twice (`a=b,a=c`) stays an expression: matchLabels can hold a key only once. */
function isEquality(requirement: Requirement, labels: Map<string, string>): requirement is Requirement & { values: [string] } {
  return requirement.operator === 'In' && requirement.values?.length === 1 && !labels.has(requirement.key);
}

/** Splits at the commas that are not within parentheses. */
function terms(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (text[at] === ',' && depth === 0) {
      found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...found, text.slice(start)];
}

function parseTerm(term: string): Requirement | null {
  const compared = COMPARED.exec(term);
  if (compared?.[1] !== undefined)
    return { key: compared[1], operator: compared[2] === '!=' ? 'NotIn' : 'In', values: [compared[3] ?? ''] };
  const set = IN.exec(term);
  if (set?.[1] !== undefined)
    return { key: set[1], operator: set[2] === 'in' ? 'In' : 'NotIn', values: (set[3] ?? '').split(',').map((value) => value.trim()) };
  const present = PRESENT.exec(term);
  if (present?.[2] !== undefined) return { key: present[2], operator: present[1] === '!' ? 'DoesNotExist' : 'Exists' };
  return null;
}
