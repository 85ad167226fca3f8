import type { Change } from '../../../src/domain/change.ts';
import { KINDS, type KindName, ORDERS, POLICIES, type PolicyName } from './cast.ts';
import { type Click, clicked, CLICKS } from './clicks.ts';

const kinds = Object.keys(KINDS) as KindName[];
const policies = Object.keys(POLICIES) as PolicyName[];

/** The tables of the page: a click, the order that is clicked on, and what the order is. */
const TABLES: readonly { click: Click; order: string; title: string }[] = [
  { click: 'ask', order: 'proposed', title: 'Ask for a proposed change' },
  { click: 'approve', order: 'requested', title: 'Approve what somebody asked for who may only ask' },
  {
    click: 'approve',
    order: 'requested, by one who may do both',
    title: 'Approve what “may do both” asked for',
  },
  { click: 'approve', order: 'requested, 1 yes', title: 'Approve what “may approve” has approved already' },
  { click: 'decline', order: 'requested', title: 'Decline what somebody asked for' },
  { click: 'stop', order: 'running', title: 'Stop what “may ask” asked for' },
  { click: 'undo', order: 'done', title: 'Undo what “may ask” asked for' },
  { click: 'files', order: 'done', title: 'Get the files of a capture that “may ask” asked for' },
];

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);

const shown = (outcome: string): string => (/^(?:no|stays):/.test(outcome) ? outcome.replace(/^(?:no|stays): /, '– ') : `**${outcome}**`);

const orderOf = (name: string): Change => ORDERS.find((order) => order.name === name)!.change;

type Column = { heads: PolicyName[]; cells: string[] };

/** Policies under which the same comes out are one column. */
function columnsOf(click: Click, change: Change, shownKinds: readonly KindName[]): Column[] {
  const columns: Column[] = [];
  for (const name of policies) {
    const cells = shownKinds.map((kind) => shown(clicked(click, change, POLICIES[name], KINDS[kind])));
    const same = columns.find((column) => column.cells.join() === cells.join());
    if (same === undefined) columns.push({ heads: [name], cells });
    else same.heads.push(name);
  }
  return columns;
}

/** Whether this click can come to anything, for this one. */
const comesTo = (click: Click, kind: KindName): boolean =>
  ORDERS.some(({ change }) => policies.some((name) => !/^(?:no|stays):/.test(clicked(click, change, POLICIES[name], KINDS[kind]))));

/** Who is shown only where that differs from the others. */
const onlyOf: Partial<Record<KindName, Click>> = { 'may do both, in public': 'files' };

/** Who is shown though nothing comes of it: somebody may expect otherwise. */
const EXPECTING: Partial<Record<Click, readonly KindName[]>> = {
  approve: ['may ask'],
  files: ['may ask', 'may do both, in public'],
};

const byKind = ({ click, order, title }: (typeof TABLES)[number]): string[] => {
  const own = kinds.filter((kind) => (onlyOf[kind] ?? click) === click);
  const some = own.filter((kind) => comesTo(click, kind) || EXPECTING[click]?.includes(kind));
  const columns = columnsOf(click, orderOf(order), some);
  const heads = columns.map((column) => column.heads.join(' / '));
  return [
    `## ${title}`,
    '',
    ...table(
      ['who clicks', ...heads],
      some.map((kind, at) => [kind, ...columns.map(({ cells }) => cells[at] ?? '')]),
    ),
    '',
  ];
};

const nothing = (): string[] => {
  const some = kinds.filter((kind) => !CLICKS.some((click) => comesTo(click, kind)));
  const why = (kind: KindName): string => shown(clicked('ask', orderOf('proposed'), POLICIES['1 person'], KINDS[kind]));
  return [
    '## Whose click never comes to anything',
    '',
    ...table(
      ['who clicks', 'what is said'],
      some.map((kind) => [kind, why(kind)]),
    ),
    '',
  ];
};

const byState = (): string[] => [
  '## The states',
  '',
  'What “may do both, by group” brings about where two people are asked.',
  '',
  ...table(
    ['the order is', ...CLICKS],
    ORDERS.map(({ name, change }) => [
      name,
      ...CLICKS.map((click) => shown(clicked(click, change, POLICIES['2 people'], KINDS['may do both, by group']))),
    ]),
  ),
  '',
];

const total = CLICKS.length * ORDERS.length * policies.length * kinds.length;

/** docs/clicks.md: what comes of the clicks, for people to read. */
export const clicksPage = (): string =>
  [
    '# Who may click what',
    '',
    `What comes of a click on an order to change something. A test goes through all ${total} combinations of clicks, orders, policies and people; these are the`,
    'ones that tell something. **Bold** is the state of the order then (`requested`: it waits for others; `refused`: it was declined; `stops`: the run is told to',
    'stop; `sent`: files come into the thread); – and a word is the reason why nothing comes of it. [configuration.md](configuration.md#changes) says how a',
    'policy is written.',
    '',
    'A line is left out where the click never comes to anything. In the policy “by list” the rule for the change lets only “may approve” approve; “read-only” and',
    '“frozen” ask for one person; “no rule” gives nobody any right.',
    '',
    ...TABLES.flatMap(byKind),
    ...nothing(),
    ...byState(),
    'This page is made by `node scripts/clicks.ts`.',
    '',
  ].join('\n');
