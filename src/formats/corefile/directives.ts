import type { Directive, ServerBlock } from '../../domain/coredns.ts';
import { refersToEnvironment } from './environment.ts';
import { type CorefileFault, faultOf } from './fault.ts';
import type { ParsedCorefile } from './parser.ts';
import { cache } from './plugins/cache.ts';
import { forward } from './plugins/forward.ts';
import { braceError, once } from './plugins/go-values.ts';
import { kubernetes } from './plugins/kubernetes.ts';
import { errors, health, log, prometheus, ready } from './plugins/observers.ts';
import { hosts, loadbalance, loop, reload } from './plugins/other-rules.ts';
import { isCompiledIn, setupOrder } from './plugins/plugin-list.ts';
import type { OptionRule, PluginRule } from './plugins/rule.ts';
import { before, isModelled, type Version, versionOf } from './plugins/version.ts';

const rules = new Map<string, PluginRule>(
  Object.entries({ cache, errors, forward, health, hosts, kubernetes, loadbalance, log, loop, prometheus, ready, reload }),
);

/**
 * The first directive or option with which a CoreDNS of this version ("1.12.4", null: not known, taken as recent) would not start.
 * `official`: the image is CoreDNS' own, or EKS', with the default set of plugins; in others any directive may be compiled in.
 */
export function checkDirectives(servers: readonly ServerBlock[], version: string | null, official: boolean): CorefileFault | null {
  const running = versionOf(version);
  return (official ? unknownDirective(servers, running) : null) ?? firstSetupFault(servers, running, official);
}

/** The first fault of a Corefile in the order in which CoreDNS would come upon it. `version` and `official` as for `checkDirectives`. */
export function corefileFault(parsed: ParsedCorefile, version: string | null, official: boolean): CorefileFault | null {
  const running = versionOf(version);
  const early = (official ? unknownDirective(parsed.servers, running) : null) ?? (parsed.error?.stage === 'serve' ? null : parsed.error);
  return early ?? firstSetupFault(parsed.servers, running, official) ?? parsed.error;
}

function unknownDirective(servers: readonly ServerBlock[], version: Version): CorefileFault | null {
  if (!isModelled(version)) return null;
  const unknown = servers
    .flatMap(({ directives }) => directives)
    .find(({ name }) => !refersToEnvironment(name) && !isCompiledIn(name, version));
  return unknown === undefined ? null : faultOf('directive', unknown.line, `Unknown directive '${unknown.name}'`);
}

/** Plugins are set up one after the other for all server blocks, so their order decides which fault is first. */
function firstSetupFault(servers: readonly ServerBlock[], version: Version, official: boolean): CorefileFault | null {
  const strict = isModelled(version) && (official || version !== null);
  for (const name of setupOrder) {
    const rule = rules.get(name);
    if (rule === undefined) continue;
    for (const { directives } of servers) {
      const found = stanzasFault(
        directives.filter((directive) => directive.name === name),
        rule,
        version,
        strict,
      );
      if (found !== null) return faultOf('option', found.line, `plugin/${name}: ${found.problem}`);
    }
  }
  return null;
}

interface Found {
  problem: string;
  line: number;
}

function stanzasFault(stanzas: readonly Directive[], rule: PluginRule, version: Version, strict: boolean): Found | null {
  for (const [at, stanza] of stanzas.entries()) {
    if (at > 0 && rule.once?.(version)) return { problem: once, line: stanza.line };
    const found = stanzaFault(stanza, rule, version, strict);
    if (found !== null) return found;
  }
  return null;
}

function stanzaFault(stanza: Directive, rule: PluginRule, version: Version, strict: boolean): Found | null {
  const { name, args, options, line } = stanza;
  if ([stanza, ...options].some((part) => [part.name, ...part.args].some(refersToEnvironment))) return null;
  const problem = rule.args?.(args, name, version) ?? null;
  if (problem !== null) return { problem, line };
  if (options[0]?.name === '{') return braceOnNextLine(stanza, rule, version);
  for (const option of options) {
    const wrong = optionProblem(option, rule, version, strict);
    if (wrong !== null) return { problem: wrong, line: option.line };
  }
  return rule.block?.(stanza) ?? null;
}

/** For the plugin, what begins with a `{` on the next line is one more of its directives. Where that is no sure fault, none. */
function braceOnNextLine({ name, options }: Directive, rule: PluginRule, version: Version): Found | null {
  const line = options[0]!.line;
  if (rule.once?.(version)) return { problem: once, line };
  return name === 'forward' ? { problem: braceError, line } : null;
}

function optionProblem(option: Directive['options'][number], rule: PluginRule, version: Version, strict: boolean): string | null {
  const known = rule.options !== undefined && Object.hasOwn(rule.options, option.name) ? rule.options[option.name]! : null;
  if (known === null) return strict ? (rule.unknown?.(option.name, version) ?? null) : null;
  if (!exists(known, version)) return rule.unknown?.(option.name, version) ?? null;
  return known.check?.(option.args, option.name, version) ?? null;
}

function exists({ since, until }: OptionRule, version: Version): boolean {
  return !(since !== undefined && before(version, since)) && (until === undefined || before(version, until));
}
