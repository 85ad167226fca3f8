import { lacksApprovers } from '../../../change-words.ts';
import { escaped } from '../../text/escape.ts';
import { bold, name, ours, timeOf, type Words, words } from '../../text/words.ts';
import type { Told } from './facts.ts';

/** Why nobody can ask for it or approve it now, as the policy stands; null: they can, or nobody knows. */
export function barred({ terms, cluster }: Pick<Told, 'terms' | 'cluster'>): Words | null {
  if (terms === null) return null;
  if (terms.readOnly)
    return words`🔒 ${bold(ours('No buttons:'))} ${name(cluster)} is read-only for dns-medic, so nothing is changed there. The policy says so.`;
  if (terms.frozen !== null) {
    const { says, until } = terms.frozen;
    const end = until === null ? ours('') : words` They may be made again from ${timeOf(until)} on.`;
    return words`🔒 ${bold(ours('No buttons:'))} changes rest now: ${ours(escaped(says, 200).replace(/[\s.]+$/, '') || 'the policy says so')}.${end} Check again then.`;
  }
  if (lacksApprovers(terms))
    return words`🔒 ${bold(ours('No buttons:'))} the policy names nobody who may approve this in ${name(cluster)}. Whoever runs dns-medic gives that right.`;
  return null;
}
