import type { Clicked, Kind, PolicyName } from './cast.ts';
import type { Click } from './clicks.ts';

const PEOPLE: Record<PolicyName, number> = {
  '1 person': 1,
  '2 people': 2,
  '3 people': 3,
  '2 people, by list': 2,
  'read-only': 1,
  frozen: 1,
  'no rule': 1,
};
const FROM: Record<Click, readonly string[]> = {
  ask: ['proposed'],
  approve: ['requested'],
  decline: ['proposed', 'requested'],
  stop: ['approved', 'running', 'undoing'],
  undo: ['done', 'failed'],
  files: ['done', 'failed'],
};
const RIGHTS: Record<Click, readonly string[]> = {
  ask: ['request'],
  approve: ['approve'],
  decline: ['request', 'approve'],
  stop: ['cancel', 'approve'],
  undo: ['approve'],
  files: ['approve'],
};

/** What the rules say of a click, read aloud from the page for people: nothing of it is taken from the sources. */
export function expected(click: Click, { name, change }: Clicked, policy: PolicyName, { who, where, can, bar, lacks }: Kind): string {
  const inState = FROM[click].includes(change.state) && !name.includes('nothing written');
  const isMove = click !== 'stop' && click !== 'files';
  if (isMove && change.state === 'expired') return 'stays: expired';
  if (isMove && !inState) return 'stays: state';
  if (isMove && name.includes('too old')) return 'stays: expired';

  if (bar !== null) return `no: ${bar}`;
  if (policy === 'no rule') return 'no: no-policy';
  const isOwn = change.requested?.person.user === who.user && can.some((right) => right === 'request');
  const hasRight = can.some((right) => RIGHTS[click].includes(right));
  if (!hasRight && !(isOwn && (click === 'stop' || click === 'undo'))) return `no: ${lacks}`;
  if (click === 'files' && where.kind === 'public') return 'no: public-channel';
  if (click === 'files') return inState ? 'sent' : 'stays: state';
  if (click === 'stop') return inState ? 'stops' : 'stays: state';
  if (click === 'undo') return 'undoing';
  if (click === 'decline') return 'refused';

  const listed = policy !== '2 people, by list' || who.user === 'U0YES';
  if (click === 'approve' && !listed) return 'no: person';
  if (policy === 'read-only' || policy === 'frozen') return `no: ${policy}`;
  const people = PEOPLE[policy];
  if (click === 'ask') return people === 1 && can.includes('approve') ? 'approved' : 'requested';
  if (people > 1 && change.requested?.person.user === who.user) return 'no: own-request';
  const others = name.includes('1 yes') ? ['U0YES'] : [];
  if (others.includes(who.user)) return 'no: approved-already';
  return people === 1 || others.length + 2 >= people ? 'approved' : 'requested';
}
