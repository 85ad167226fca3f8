import { readFileSync } from 'node:fs';
import { remedyNeeds } from '../../src/cli/needs.ts';
import type { Permission } from '../../src/domain/reading.ts';
import { remedies } from '../../src/remedies/registry.ts';
import type { AnyRemedy } from '../../src/remedies/remedy.ts';
import { span } from '../../src/report/change-words.ts';
import { rightName } from '../../src/report/optional-rights.ts';
import { beyondReading } from '../deploy/remedies.ts';
import { cell, table } from './table.ts';

const PAGE = new URL('../../docs/remedies.md', import.meta.url);
const [BEGIN, END] = ['<!-- made by `node scripts/docs.ts` -->', '<!-- until here -->'];

const places = {
  cluster: 'the whole cluster',
  dns: 'the DNS namespace',
  system: 'kube-system',
  probe: "the probe pods' namespace",
  capture: "the capture pods' namespace",
  pod: "the pod's namespace",
} as const;

const isRead = ({ verb }: Permission): boolean => ['get', 'list', 'watch'].includes(verb);
const named = ({ names }: Permission): string => (names === undefined ? '' : ` (${names.map((name) => `\`${name}\``).join(', ')})`);

/** Rights of one resource and one place together: `create, patch services` (`kube-dns`) in the DNS namespace. */
function grouped(permissions: readonly Permission[]): string[] {
  const groups = new Map<string, { verbs: string[]; one: Permission }>();
  for (const one of permissions) {
    const key = [one.group, one.resource, one.scope, ...(one.names ?? [])].join(' ');
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { verbs: [one.verb], one });
    else if (!known.verbs.includes(one.verb)) known.verbs.push(one.verb);
  }
  return [...groups.values()].map(
    ({ verbs, one }) => `\`${verbs.join(', ')} ${rightName(one).slice(one.verb.length + 1)}\`${named(one)} in ${places[one.scope]}`,
  );
}

const dash = (text: string): string => (text === '' ? '–' : text);

function remedyRow(remedy: AnyRemedy): string[] {
  const { id, title, helps, risk, needs, undo, proves, params, paramHelp, effect } = remedy;
  const writes = grouped(needs.filter((need) => !isRead(need) && need.optional !== true));
  const needed = (params.safeParse({}).error?.issues ?? []).map(({ path }) => path[0]);
  const takes = Object.entries(paramHelp).map(([key, help]) => `\`${key}\`: ${cell(help)}${needed.includes(key) ? ' (needed)' : ''}`);
  return [
    `\`${id}\``,
    `${cell(title)}. ${cell(helps)}`,
    risk,
    dash(writes.join('<br>')),
    undo === null ? 'nothing to undo' : 'yes',
    `${dash(proves.map((code) => `\`${code}\``).join(', '))}<br>${effect.withinMs === 0 ? '' : `within ${span(effect.withinMs)}: `}${cell(effect.why)}`,
    dash(takes.join('<br>')),
  ];
}

/** The page: what is written by hand stays, the table in it is made. */
export function remediesPage(text: string = readFileSync(PAGE, 'utf8')): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/remedies.md has no place for the table: ${BEGIN} ... ${END}`);
  const heads = ['remedy', 'what it does, and when it helps', 'risk', 'writes', 'undo', 'proved by', 'takes'];
  const made = [BEGIN, '', ...table(heads, remedies.map(remedyRow)), '', END];
  return `${text.slice(0, from)}${made.join('\n')}${text.slice(to + END.length)}`;
}

/** The part of docs/rights.md on remedies, in lines. */
export function remedyRights(): string[] {
  const rows = beyondReading(remedyNeeds()).map(({ permission, remedies: by }) => [
    `\`${rightName(permission)}\`${named(permission)}`,
    places[permission.scope],
    by.length === remedies.length ? 'every remedy' : by.map((id) => `\`${id}\``).join(', '),
  ]);
  return [
    '## Remedies',
    '',
    'None of these is needed for a check, and none is in the roles above: who lacks them may read only, and remedies that need them are not offered.',
    '[`deploy/components/remedies`](../deploy/components/remedies/roles.yaml) gives them to the worker; `dns-medic doctor --remedies` prints those that lack.',
    'Names in brackets bound a right to objects of these names; RBAC cannot do so for what is created, listed or evicted.',
    '',
    ...table(['right', 'where', 'needed by'], rows),
    '',
  ];
}
