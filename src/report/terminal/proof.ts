import { Way } from '../../domain/capture.ts';
import { ContainerState, Corefile, Directive, Event, type Events, LogClass, SystemPod } from '../../domain/coredns.ts';
import type { Proof } from '../../domain/finding.ts';
import { LookupRow } from '../../domain/lookups.ts';
import { Node } from '../../domain/nodes.ts';
import { wayStory } from '../capture-words.ts';
import { printable } from '../printable.ts';
import { before, count } from './amounts.ts';
import { lookupLine } from './lookup-line.ts';
import { type Place, placeAt } from './pointer.ts';

/** The readings of a run, as a bundle holds them. */
export type Readings = Readonly<Record<string, { status: 'ok'; data?: unknown } | { status: 'failed' }>>;

/** What proof is told with. `startedAt` is the time of the run, `short` gives the short name of a node. */
export interface Telling {
  readings: Readings;
  startedAt: string;
  short: (node: string) => string;
}

const longest = 400;
const quoted = (text: string): string => `"${printable(text, longest).replaceAll('"', "'")}"`;

function logWords(log: LogClass, { startedAt }: Telling): string {
  const last = before(log.lastAt, startedAt);
  const times = log.count === 1 ? 'once' : `${log.count} times`;
  return `${log.class} ${times}${last === null ? '' : `, last ${last}`}: ${quoted(log.sample)}`;
}

type Container = SystemPod['container'];

function containerWords({ state, reason, ready, restarts, last, message }: Container): string {
  const now = `${state}${reason === null ? '' : ` (${reason})`}, ${ready ? 'ready' : 'not ready'}`;
  const again = restarts === 0 ? '' : `, ${count(restarts, 'restart')}`;
  const ended = last === null ? '' : `, last ended by ${last.reason || 'exit'} (status ${last.exitCode})`;
  const said = (last?.message ?? '') || (message ?? '');
  return `${now}${again}${ended}${said === '' ? '' : `: ${quoted(said)}`}`;
}

function podWords({ node, phase, container, unschedulable }: SystemPod, { short }: Telling): string {
  if (unschedulable !== null) return `${phase}: ${quoted(unschedulable)}`;
  return `${node === null ? '' : `on ${short(node)}: `}${phase}, ${containerWords(container)}`;
}

function eventWords({ kind, reason, count: times, lastSeen, message }: Events['items'][number], { startedAt }: Telling): string {
  return `${kind}: ${reason}${times > 1 ? ` ${times} times` : ''}, last ${before(lastSeen, startedAt) ?? 'unknown when'}: ${quoted(message)}`;
}

function directiveWords({ name, args, options, line }: Directive): string {
  const inside = options.map((option) => [option.name, ...option.args].join(' ')).join('; ');
  return `line ${line}: ${[name, ...args].join(' ')}${inside === '' ? '' : ` { ${inside} }`}`;
}

const mostPackets = 2;

/** What packets show of a way, and the first of them by the numbers that Wireshark gives them. */
function wayWords(way: Way): string {
  const packets = way.proof.slice(0, mostPackets).map(({ what, number, point }) => `${what} ${number} at ${point}`);
  return `${wayStory(way)}${packets.length === 0 ? '' : ` (${packets.join(', ')})`}`;
}

/** Words for what has the shape; null for what has not. */
function shaped<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T | undefined } },
  words: (data: T, telling: Telling) => string,
) {
  return (value: unknown, telling: Telling): string | null => {
    const { data } = schema.safeParse(value);
    return data === undefined ? null : words(data, telling);
  };
}

/** Things that have words of their own; the first shape that fits is taken. */
const shapes = [
  shaped(Way, wayWords),
  shaped(LogClass, logWords),
  shaped(SystemPod, podWords),
  shaped(ContainerState, containerWords),
  shaped(Event, eventWords),
  shaped(Directive, directiveWords),
  shaped(Directive.omit({ options: true }), (option) => directiveWords({ ...option, options: [] })),
  shaped(Corefile.shape.error.unwrap(), ({ line, message }) => `line ${line}: ${quoted(message)}`),
  shaped(Node, ({ ready, notReadyMessage }) => (ready ? 'ready' : `not ready: ${quoted(notReadyMessage ?? 'no reason given')}`)),
];

function thingWords(value: unknown, telling: Telling): string | null {
  for (const shape of shapes) {
    const words = shape(value, telling);
    if (words !== null) return words;
  }
  return null;
}

function valueWords({ value, path }: Place): string {
  if (typeof value === 'string') return `${path === '' ? '' : `${path} = `}${quoted(value)}`;
  const json = printable(JSON.stringify(value) ?? 'nothing', longest);
  return `${path === '' ? '' : `${path} = `}${json}`;
}

/** One proof in words: where it stands and what stands there. One printable line; it may be longer than the terminal is wide. */
export function proofWords({ reading, pointer }: Proof, telling: Telling): string {
  const found = telling.readings[reading];
  const place = found?.status === 'ok' ? placeAt(found.data, pointer) : null;
  if (place === null) return printable(`${reading}${pointer}: not in what was kept of this run`);
  const row = reading === 'lookups' ? LookupRow.safeParse(place.value) : null;
  if (row?.success === true) return lookupLine(row.data, telling.short);
  const words = thingWords(place.value, telling);
  const directive = reading === 'corefile' && words !== null;
  const owners = directive ? [] : place.owners;
  const lead = directive ? 'Corefile' : [reading, ...owners].join(' ');
  // a way is told in a sentence
  return printable(`${lead}${reading === 'capture' ? ':' : ''} ${words ?? valueWords(place)}`);
}
