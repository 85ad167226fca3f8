import { present } from './api-reason.ts';
import type { Classified } from './log-classes.ts';

const located = /^(?:plugin\/([\w-]{1,60}): )?(\/?[^\s:]{1,300}):(\d{1,9}) - (?:Error during parsing|Syntax error): (.*)$/;
const inPlugin = /^plugin\/([\w-]{1,60}): (.+)$/;
const listen = /\blisten (?:tcp|udp)[46]? ?(\S{0,80}?): (?:bind: )?(.+)$|\blisten (?:tcp|udp)[46]?: (.+)$/;
const others =
  /^(?:cannot serve |address \S{1,60}: |loading Caddyfile|open \/|no such plugin|unable to |parse error|Error during parsing|Could not )/;
const directive = /^Unknown directive '([^']{0,200})'/;
const option = /^(?:unknown (?:property|option|parameter)|not a valid (?:property|option)):? ['"]?([^\s'"]{1,200})/i;
const token = /(?:Unexpected token|unexpected line ending after|unexpected token) '([^']{0,200})'/;

/** What a start or a reload failed with, as CoreDNS words it: fields message, line, file, plugin, directive, option, token. */
export function corefileError(text: string): Record<string, string> | null {
  const [, plugin, file, line, message = ''] = located.exec(text) ?? [];
  if (line !== undefined) {
    const named = { directive: directive.exec(message)?.[1], option: option.exec(message)?.[1], token: token.exec(message)?.[1] };
    return present({ message, line, file, plugin, ...named });
  }
  const [, owner, said = ''] = inPlugin.exec(text) ?? [];
  if (owner !== undefined) return present({ message: said, plugin: owner, option: option.exec(said)?.[1] });
  return others.test(text) ? present({ message: text }) : null;
}

/** The address that could not be listened on, and why; null when the text is about something else. */
export function listenError(text: string): Record<string, string> | null {
  const found = listen.exec(text);
  if (!found) return null;
  return present({ address: found[1], reason: found[2] ?? found[3], message: text, plugin: inPlugin.exec(text)?.[1] });
}

/**
 * A line without a level: what CoreDNS prints before it ends (`mustLogFatal` writes to standard error without any prefix), its banner, and what
 * the Go runtime says when it dies.
 */
export function classifyBareLine(text: string): Classified | null {
  const version = /^CoreDNS-(\d{1,4}\.\d{1,4}\.\d{1,4}\S{0,40})$/.exec(text)?.[1];
  if (version !== undefined) return { class: 'version', fields: { version } };
  if (/^panic: |^goroutine \d{1,9} \[running\]/.test(text)) return { class: 'panic', fields: present({ message: text }) };
  if (text.startsWith('fatal error: ')) return { class: 'fatal', fields: present({ message: text }) };
  const unheard = /^(?:Listen: |listen |plugin\/)/.test(text) ? listenError(text) : null;
  if (unheard) return { class: 'listen-failed', fields: unheard };
  const fields = corefileError(text);
  return fields && { class: 'corefile-error', fields };
}

/** A text of the `reload` plugin or of a restart, without its level. */
export function classifyReloadLine(body: string): Classified | null {
  if (body === 'Reloading' || body === 'SIGUSR1: Reloading') return { class: 'reloading', fields: { state: 'started' } };
  if (body === 'Reloading complete') return { class: 'reloading', fields: { state: 'complete' } };
  const [, algorithm, hash] = /^plugin\/reload: Running configuration (MD5|SHA512) = ([0-9a-f]{32,128})$/.exec(body) ?? [];
  if (hash !== undefined) return { class: 'running-hash', fields: present({ algorithm, hash }) };
  const unparsed = after(body, 'plugin/reload: Corefile parse failed: ');
  if (unparsed !== null) return { class: 'reload-parse-failed', fields: failure(unparsed) };
  const unloaded = after(body, 'plugin/reload: Corefile changed but reload failed: ');
  if (unloaded !== null) return { class: 'reload-failed', fields: { ...failure(unloaded), via: 'reload' } };
  const restart = after(body, 'Restart failed: ');
  return restart === null ? null : { class: 'reload-failed', fields: { ...failure(restart), via: 'restart' } };
}

/** `fields.cause` tells a bad Corefile (corefile-error) from an address that is taken (listen-failed) and from anything else (other). */
function failure(text: string): Record<string, string> {
  const bare = after(text, 'starting with listener file descriptors: ') ?? text;
  const unheard = listenError(bare);
  if (unheard) return { ...unheard, cause: 'listen-failed' };
  const fields = corefileError(bare);
  return fields ? { ...fields, cause: 'corefile-error' } : { ...present({ message: bare }), cause: 'other' };
}

const after = (text: string, prefix: string): string | null => (text.startsWith(prefix) ? text.slice(prefix.length) : null);
