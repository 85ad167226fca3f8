import { Directive, Event, type Events, LogClass, SystemPod } from '../../domain/coredns.ts';
import type { Proof } from '../../domain/finding.ts';
import { LookupRow } from '../../domain/lookups.ts';
import { Node } from '../../domain/nodes.ts';
import { printable } from '../printable.ts';
import { before } from './amounts.ts';
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

function podWords({ node, phase, ready, container, unschedulable }: SystemPod, { short }: Telling): string {
  const where = node === null ? 'on no node' : `on ${short(node)}`;
  const state = container.reason === null ? `${phase}` : `${container.state} (${container.reason})`;
  const last = container.last === null ? '' : `, last ended by ${container.last.reason || 'exit'} (status ${container.last.exitCode})`;
  const said = unschedulable ?? container.message;
  const restarts = container.restarts === 0 ? '' : `, ${container.restarts} restart${container.restarts === 1 ? '' : 's'}`;
  return `${where}: ${state}, ${ready ? 'ready' : 'not ready'}${restarts}${last}${said === null || said === '' ? '' : `: ${quoted(said)}`}`;
}

function eventWords({ kind, reason, count, lastSeen, message }: Events['items'][number], { startedAt }: Telling): string {
  return `${kind}: ${reason}${count > 1 ? ` ${count} times` : ''}, last ${before(lastSeen, startedAt) ?? 'unknown when'}: ${quoted(message)}`;
}

function directiveWords({ name, args, options, line }: Directive): string {
  const inside = options.map((option) => [option.name, ...option.args].join(' ')).join('; ');
  return `line ${line}: ${[name, ...args].join(' ')}${inside === '' ? '' : ` { ${inside} }`}`;
}

/** Things that have words of their own; null for what is told as path and value. */
function thingWords({ value }: Place, telling: Telling): string | null {
  const log = LogClass.safeParse(value);
  if (log.success) return logWords(log.data, telling);
  const pod = SystemPod.safeParse(value);
  if (pod.success) return podWords(pod.data, telling);
  const event = Event.safeParse(value);
  if (event.success) return eventWords(event.data, telling);
  const directive = Directive.safeParse(value);
  if (directive.success) return directiveWords(directive.data);
  const node = Node.safeParse(value);
  if (node.success) return node.data.ready ? 'ready' : `not ready: ${quoted(node.data.notReadyMessage ?? 'no reason given')}`;
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
  const words = thingWords(place, telling);
  const directive = reading === 'corefile' && words !== null;
  const owners = directive ? [] : place.owners;
  return printable(`${directive ? 'Corefile' : [reading, ...owners].join(' ')} ${words ?? valueWords(place)}`);
}
