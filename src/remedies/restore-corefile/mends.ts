import { applyEdits, insertDirective, removeLines } from '../../formats/corefile/edit.ts';
import { corefileSha512 } from '../../formats/corefile/hash.ts';
import type { CorefileFault } from '../../formats/corefile/fault.ts';
import type { ParsedCorefile } from '../../formats/corefile/parser.ts';
import { kubernetesZones } from '../../formats/corefile/server-for.ts';
import type { Known } from './mended.ts';

type Blocks = NonNullable<ParsedCorefile['blocks']>;
type Stanza = Blocks[number]['stanzas'][number];

/** A text, and what may be wrong with it. */
export interface Sick {
  text: string;
  parsed: ParsedCorefile;
  blocks: Blocks;
  fault: CorefileFault | null;
  known: Known;
}

/** One thing that is put right; null: it is not wrong here, or not surely. */
export type Mend = (sick: Sick) => { text: string; did: string } | null;

const clean = (words: string): string =>
  words
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 60);
const stanzas = (blocks: Blocks, name: string): Stanza[] =>
  blocks.flatMap((block) => block.stanzas).filter(([first]) => first?.text === name);
const lineOf = (text: string, line: number): string => text.split('\n')[line - 1] ?? '';
const has = ({ parsed }: Sick, name: string): boolean =>
  parsed.servers.some(({ directives }) => directives.some((one) => one.name === name));

/** The block of the zone "."; -1: there is none. */
const rootOf = ({ parsed }: Sick): number =>
  parsed.servers.findIndex(({ zones }) => zones.some(({ zone, transport }) => zone === '.' && transport === 'dns'));

/** Options of `kubernetes` that had no effect any more when they were taken out (upstream from 1.4.0 on, resyncperiod from 1.6.0 on; both gone in 1.7.0). */
const WITHOUT_EFFECT = ['upstream', 'resyncperiod'];

const removedOption: Mend = ({ text, parsed, fault }) => {
  if (fault?.kind !== 'option') return null;
  const options = parsed.servers
    .flatMap(({ directives }) => directives.filter(({ name }) => name === 'kubernetes'))
    .flatMap((one) => one.options);
  const option = options.find(({ line, name }) => line === fault.line && WITHOUT_EFFECT.includes(name));
  if (option === undefined) return null;
  const words = lineOf(text, option.line)
    .replace(/\s#.*$/, '')
    .trim()
    .split(/\s+/);
  const isAlone = words.length === option.args.length + 1 && words[0] === option.name;
  return isAlone
    ? { text: removeLines(text, option.line, option.line), did: `without line ${option.line} (${clean(words.join(' '))})` }
    : null;
};

/** A directive that CoreDNS does not know, without which the text is one that is known to work. */
const unknownDirective: Mend = ({ text, blocks, fault, known }) => {
  if (fault?.kind !== 'directive') return null;
  const stanza = blocks.flatMap((block) => block.stanzas).find(([first]) => first?.line === fault.line);
  if (stanza === undefined) return null;
  const [from, to] = [stanza[0]?.line ?? 0, stanza.at(-1)?.line ?? 0];
  const left = removeLines(text, from, to);
  const sha512 = corefileSha512(left);
  if (sha512 === null || !known.good.has(sha512)) return null;
  return { text: left, did: `without line ${from} (${clean(lineOf(text, from))}), which is a text that works` };
};

/** The readiness probe asks the plugin `ready`, which is not there. */
const missingReady: Mend = (sick) => {
  const { text, parsed, known } = sick;
  const { path, port } = known.workload?.readiness ?? {};
  const root = rootOf(sick);
  if (path !== '/ready' || port === undefined || root < 0 || has(sick, 'ready')) return null;
  const line = port === 8181 ? 'ready' : `ready :${port}`;
  return { text: insertDirective(text, root, [line], parsed), did: `with the plugin ready, which the readiness probe asks` };
};

const isReverse = (zone: string): boolean => /(^|\.)(in-addr|ip6)\.arpa\.?$/i.test(zone);

/** Pods ask for a zone that no `kubernetes` serves, and the only one that there is serves another. */
const otherZone: Mend = ({ text, parsed, blocks, known: { zone } }) => {
  const served = kubernetesZones(parsed.servers);
  if (zone === null || served.some((one) => `${zone}.`.endsWith(`.${one}`) || `${zone}.` === one || one === '.')) return null;
  const [only, ...more] = stanzas(blocks, 'kubernetes');
  const words = (only ?? [])
    .filter(({ line }, at) => at > 0 && line === only?.[0]?.line)
    .filter(({ text: word }) => word !== '{' && !isReverse(word));
  const [word, ...others] = words;
  if (more.length > 0 || word === undefined || others.length > 0) return null;
  const did = `with the zone ${zone}, which pods ask for, in the place of ${clean(word.text)}`;
  return { text: applyEdits(text, [{ start: word.start, end: word.end, text: zone }]), did };
};

/** The log says that names of the world end nowhere. */
const missingForward: Mend = (sick) => {
  const root = rootOf(sick);
  const forwards = sick.parsed.servers[root]?.directives.some(({ name }) => name === 'forward') ?? true;
  if (forwards || !sick.known.said.has('no-next-plugin')) return null;
  return { text: insertDirective(sick.text, root, ['forward . /etc/resolv.conf'], sick.parsed), did: 'with forward . /etc/resolv.conf' };
};

const isLoopback = (target: string): boolean => /^(dns:\/\/)?(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)(:53)?$/.test(target);

/** CoreDNS has ended because it asked itself, and it is told to. */
const loop: Mend = ({ text, blocks, known: { said } }) => {
  const own = stanzas(blocks, 'forward').find((stanza) => {
    const targets = stanza.filter(({ line, text: word }, at) => at > 1 && line === stanza[0]?.line && word !== '{');
    return stanza[1]?.text === '.' && targets.length > 0 && targets.every(({ text: word }) => isLoopback(word));
  });
  if (own === undefined || !said.has('loop')) return null;
  const targets = own.filter(({ line, text: word }, at) => at > 1 && line === own[0]?.line && word !== '{');
  const [start, end] = [targets[0]?.start ?? 0, targets.at(-1)?.end ?? 0];
  const did = `with /etc/resolv.conf in the place of ${clean(text.slice(start, end))}, which is CoreDNS itself`;
  return { text: applyEdits(text, [{ start, end, text: '/etc/resolv.conf' }]), did };
};

/** All that is put right without asking what else the Corefile is for; in this order, each until nothing of it is left. */
export const mends: readonly Mend[] = [removedOption, unknownDirective, missingReady, otherZone, missingForward, loop];
