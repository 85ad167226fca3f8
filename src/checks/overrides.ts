import type { Corefile, Directive } from '../domain/coredns.ts';
import { blockFor, isInZone, absolute } from './corefile-view.ts';

/** A directive by which CoreDNS answers a name itself, or as another name. */
export interface Override {
  plugin: 'hosts' | 'template' | 'rewrite';
  line: number;
  pointer: string;
  /** Addresses that `hosts` pins the name to; empty for the others. */
  pinned: string[];
}

const isAddress = (text: string): boolean => /^[0-9a-f.:]{2,45}$/i.test(text) && /[.:]/.test(text);

/** `rewrite [continue|stop] name [exact|prefix|suffix|substring|regex] FROM TO`. A regular expression is not run here: it may match anything. */
function isRewritten({ args }: Directive, name: string): boolean {
  const rest = args.filter((arg) => arg !== 'continue' && arg !== 'stop');
  if (rest[0] !== 'name') return false;
  const kinds: Readonly<Record<string, (from: string) => boolean>> = {
    exact: (from) => absolute(from) === name,
    prefix: (from) => name.startsWith(from.toLowerCase()),
    suffix: (from) => name.endsWith(absolute(from)),
    substring: (from) => name.includes(from.toLowerCase()),
    regex: () => true,
  };
  const kind = kinds[rest[1] ?? ''];
  return kind === undefined ? absolute(rest[1] ?? '') === name : kind(rest[2] ?? '');
}

/** Zones of a `template CLASS TYPE [ZONE...]`; none means those of its block. */
const isTemplated = ({ args }: Directive, name: string): boolean =>
  args.length <= 2 || args.slice(2).some((zone) => isInZone(name, absolute(zone)));

const pinnedIn = ({ options }: Directive, name: string): string[] =>
  options.filter((option) => isAddress(option.name) && option.args.some((host) => absolute(host) === name)).map((option) => option.name);

function overrideOf(directive: Directive, name: string): Pick<Override, 'plugin' | 'pinned'> | null {
  if (directive.name === 'hosts') {
    const pinned = pinnedIn(directive, name);
    return pinned.length > 0 ? { plugin: 'hosts', pinned } : null;
  }
  if (directive.name === 'template' && isTemplated(directive, name)) return { plugin: 'template', pinned: [] };
  return directive.name === 'rewrite' && isRewritten(directive, name) ? { plugin: 'rewrite', pinned: [] } : null;
}

/** What changes the answer for a name in the block that answers for it; pinned entries first. */
export function overridesOf(corefile: Corefile, name: string): Override[] {
  const wanted = absolute(name);
  const block = blockFor(corefile, wanted);
  const s = block === null ? -1 : corefile.servers.indexOf(block);
  const found = (block?.directives ?? []).flatMap((directive, d): Override[] => {
    const override = overrideOf(directive, wanted);
    return override === null ? [] : [{ ...override, line: directive.line, pointer: `/servers/${s}/directives/${d}` }];
  });
  return found.toSorted((a, b) => b.pinned.length - a.pinned.length);
}
