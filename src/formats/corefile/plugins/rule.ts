import type { Directive } from '../../../domain/coredns.ts';
import type { Problem } from './go-values.ts';
import type { Version } from './version.ts';

type Check = (args: string[], name: string, version: Version) => Problem;

/** An option of a plugin. `since`: CoreDNS before it does not know the option; `until`: it is gone from this version on. */
export interface OptionRule {
  since?: string;
  until?: string;
  check?: Check;
}

/** What a plugin's setup refuses. What is not named is accepted: a false error on a valid Corefile is worse than a missed one. */
export interface PluginRule {
  /** May it stand only once in a server block in this version? */
  once?: (version: Version) => boolean;
  args?: Check;
  /** Its options; with `unknown` given, there are no others. */
  options?: Readonly<Record<string, OptionRule>>;
  /** The setup's words for an option that it does not know; null when it ignores it. */
  unknown?: (name: string, version: Version) => Problem;
  /** For a plugin whose block is no list of options. Gives the fault and its line. */
  block?: (directive: Directive) => { problem: string; line: number } | null;
}

export const always = (): boolean => true;
