import type { RemedyRights, RightAnswer } from '../doctor.ts';
import { rightName } from '../optional-rights.ts';
import { printable } from '../printable.ts';
import { hanging } from './layout.ts';
import type { Style } from './palette.ts';

const GIVES = 'deploy/components/remedies gives what is lacking';

const where = ({ namespace, onlyWithPod }: RightAnswer): string =>
  onlyWithPod ? 'in the namespace of the pod' : namespace === null ? 'in the whole cluster' : `in ${namespace}`;

/** Rights of one place together: `patch deployments.apps, create pods/eviction in kube-system`. */
function lacking(rights: readonly RightAnswer[]): string {
  const places = new Map<string, string[]>();
  for (const right of rights) places.set(where(right), [...new Set([...(places.get(where(right)) ?? []), rightName(right)])]);
  return [...places].map(([place, names]) => `${names.join(', ')} ${place}`).join('; ');
}

const lacksBeforeAnyPod = ({ lacks }: RemedyRights): boolean => lacks.some(({ onlyWithPod }) => !onlyWithPod);

function lineOf({ remedy, lacks }: RemedyRights, { width }: Style): string[] {
  return hanging(printable(`${remedy}: ${lacking(lacks)}`, 600), { width, lead: '  · ' });
}

/** Which remedies can be carried out, and which not, for want of which rights. Nothing where none is known. */
export function remedyLines(remedies: readonly RemedyRights[], style: Style): string[] {
  const { palette, width } = style;
  if (remedies.length === 0) return [];
  const barred = remedies.filter(({ lacks }) => lacks.length > 0);
  const unclear = remedies.filter(({ lacks, unclear: isUnclear }) => lacks.length === 0 && isUnclear).map(({ remedy }) => remedy);
  const untold = unclear.length === 0 ? [] : hanging(`could not be asked for: ${unclear.join(', ')}`, { width, lead: '  · ' });
  if (barred.length + unclear.length === 0) return [`${palette.green('✓')} the rights for all ${remedies.length} remedies are there`];
  if (remedies.every(lacksBeforeAnyPod))
    return hanging(`For reading only: no remedy can be carried out with these rights (${GIVES})`, { width, lead: '' });
  const head = barred.length === 0 ? 'Remedies' : `Remedies that cannot be carried out with these rights (${GIVES})`;
  return [palette.bold(head), ...barred.flatMap((one) => lineOf(one, style)), ...untold];
}
