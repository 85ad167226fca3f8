import { clustersFor } from '../../access/decide.ts';
import type { Person } from '../../domain/access.ts';
import type { Home } from '../../report/slack/views/home.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import { addressOf } from './start.ts';

const MOST = 10;

/** Whoever asked for it, or has said yes, is not the one it waits for. */
const waitsFor = ({ user }: Person, { change: { requested, approvals } }: KnownChange): boolean =>
  requested?.person.user !== user && !approvals.some(({ person }) => person.user === user);

/** A link to it where everybody of the workspace may look: one into a private channel would tell that there is one. */
async function addressFor(counter: Counter, { record: { id, places } }: KnownChange): Promise<string | null> {
  const known = await Promise.all(places.map(async (place) => ({ place, ...(await counter.facts.channel(place.channel)) })));
  const open = known.find(({ channel }) => channel.kind === 'public' && !channel.isShared);
  return open === undefined ? null : addressOf(counter, id, open.place);
}

/** Orders that wait for a yes which this person may give, from some channel, newest first. */
export async function approvalsFor(counter: Counter, person: Person): Promise<NonNullable<Home['approvals']>> {
  const clusters = clustersFor(counter.policy, person, null, 'approve', counter.clusters);
  if (clusters.length === 0) return [];
  const waiting = (await counter.desk.waiting(clusters)).filter((known) => waitsFor(person, known)).slice(0, MOST);
  return Promise.all(waiting.map(async (known) => ({ ...known, address: await addressFor(counter, known) })));
}
