import type { LookupRow } from '../../domain/lookups.ts';
import { printable } from '../printable.ts';
import { hanging } from './layout.ts';

const mostNames = 10;
const mostServers = 4;

const why: Partial<Record<LookupRow['role'], string>> = {
  asked: 'asked for',
  search: 'through the search path',
  pinned: 'named in the Corefile',
};

type Sum = Pick<LookupRow, 'shots' | 'answered' | 'failure' | 'rcodes' | 'answers'>;

/** Rows of one server taken together, over protocols and places. */
function add(a: Sum, b: Sum): Sum {
  const rcodes = { ...a.rcodes };
  for (const [code, times] of Object.entries(b.rcodes)) rcodes[code] = (rcodes[code] ?? 0) + times;
  const answers = [...new Set([...a.answers, ...b.answers])].toSorted();
  return { shots: a.shots + b.shots, answered: a.answered + b.answered, failure: a.failure ?? b.failure, rcodes, answers };
}

function outcome({ shots, answered, failure, rcodes, answers }: Sum): string {
  if (answered === 0) return failure ?? 'no answer';
  const codes = Object.keys(rcodes).toSorted((a, b) => (rcodes[b] ?? 0) - (rcodes[a] ?? 0));
  const said = codes.map((code) => (code === 'NOERROR' && answers.length > 0 ? answers.slice(0, 3).join(' ') : code)).join(' or ');
  return `${said}${answered < shots ? ` (${answered}/${shots})` : ''}`;
}

const serverName = ({ serverKind, serverPod, server }: LookupRow): string =>
  serverPod ?? (serverKind === 'cluster-ip' ? 'the Service' : serverKind === 'resolver' ? "the pod's resolver" : `${serverKind} ${server}`);

/** Items by key, in the order in which the keys first come. */
function grouped<T>(items: readonly T[], key: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
}

/** What the servers said of one name: `NXDOMAIN from every server`, or which said what. */
function answersTo(rows: readonly LookupRow[]): string {
  const servers = grouped(rows, serverName).map(([server, own]) => ({
    server,
    said: outcome(own.reduce<Sum>(add, { shots: 0, answered: 0, failure: null, rcodes: {}, answers: [] })),
  }));
  const results = grouped(servers, ({ said }) => said);
  return results
    .map(([said, alike]) => {
      const names = alike.map(({ server }) => server);
      const more = names.length - mostServers;
      const from =
        results.length === 1 && names.length > 1
          ? 'every server'
          : `${names.slice(0, mostServers).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
      return `${said} from ${from}`;
    })
    .join('; ');
}

/** Names beside the usual ones: those asked for, short names through the search path, names that the Corefile answers itself. */
export function otherNames(rows: readonly LookupRow[], width: number): string[] {
  const names = grouped(rows, ({ name, role }) => JSON.stringify([name, role])).map(([, own]) => ({
    name: own[0]?.name ?? '',
    role: own[0]?.role ?? 'asked',
    said: answersTo(own),
  }));
  const alike = grouped(names, ({ role, said }) => JSON.stringify([role, said]));
  const lines = alike.slice(0, mostNames).flatMap(([, own]) => {
    const first = own[0] ?? { role: 'asked' as const, said: '' };
    const listed = own
      .slice(0, mostNames)
      .map(({ name }) => name)
      .join(', ');
    return hanging(printable(`${listed} (${why[first.role] ?? first.role}): ${first.said}`), { width, lead: '  · ', maxLines: 4 });
  });
  return alike.length > mostNames ? [...lines, `  and ${alike.length - mostNames} more`] : lines;
}
