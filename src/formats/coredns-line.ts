import { present } from './api-reason.ts';
import { cleanLine, splitTimestamp } from './clean-text.ts';
import { classifyKlogInside, classifyKubernetesLine } from './coredns-api-line.ts';
import { classifyErrorsLine } from './coredns-errors-line.ts';
import { classifyBareLine, classifyReloadLine, listenError } from './coredns-start-line.ts';
import type { Classified } from './log-classes.ts';
import { parseQueryLine } from './query-line.ts';

const levels = /^\[(DEBUG|INFO|WARNING|ERROR|FATAL)\] /;
/** Go's own prefix, up to 1.2.0. */
const goPrefix = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /;
const loop = /^plugin\/loop: Loop \((\S{1,100}) -> (\S{1,100})\) detected for zone "([^"]{0,300})"/;
const oldLoop = /^(?:plugin\/loop: )?Forwarding loop detected in "([^"]{0,300})" zone/;
const ready = /^plugin\/ready: (?:Still waiting on|Plugins not ready): "([^"]{0,300})"/;
const health = /^plugin\/health: Local health request to "([^"]{0,200})" (?:failed: (.*)|took more than 1s: (\S{1,40}))/;
const ending = /^(?:SIGTERM|SIGINT|SIGQUIT): |^plugin\/health: Going into lameduck mode/;

/**
 * Sorts one line of CoreDNS' log into the classes of `CorednsLogs`, with what it names; null for a line that says nothing about a fault.
 * All generations are known, with or without a time before the line.
 */
export function classifyCorednsLine(raw: string): Classified | null {
  const { rest } = splitTimestamp(raw);
  return classifyClean(cleanLine(rest));
}

/** The same for a line that is clean already and has lost the kubelet's time. */
export function classifyClean(line: string): Classified | null {
  const query = parseQueryLine(line);
  if (query)
    return {
      class: 'query',
      fields: present({ client: query.ip, name: query.name, qtype: query.qtype, rcode: query.rcode, flags: query.flags }),
    };
  const text = splitTimestamp(line).rest.replace(goPrefix, '');
  const level = levels.exec(text);
  if (!level) return classifyKlogInside(text) ?? classifyBareLine(text);
  return classifyLevelled(level[1] ?? '', text.slice(level[0].length));
}

function classifyLevelled(level: string, body: string): Classified | null {
  if (body.startsWith('plugin/kubernetes: ')) return classifyKubernetesLine(body.slice('plugin/kubernetes: '.length)) ?? fatal(level, body);
  return classifyErrorsLine(body) ?? classifyReloadLine(body) ?? classifyState(body) ?? unheard(level, body) ?? fatal(level, body);
}

function classifyState(body: string): Classified | null {
  const [, from, to, zone] = loop.exec(body) ?? [];
  if (from !== undefined) return { class: 'loop', fields: present({ from, to, zone }) };
  const old = oldLoop.exec(body);
  if (old) return { class: 'loop', fields: present({ zone: old[1] }) };
  const waiting = ready.exec(body);
  if (waiting) return { class: 'not-ready-plugins', fields: present({ plugins: waiting[1] }) };
  const [, url, reason, duration] = health.exec(body) ?? [];
  if (url !== undefined)
    return { class: reason === undefined ? 'health-slow' : 'health-failed', fields: present({ url, reason, duration }) };
  if (body.startsWith('Recovered from panic')) return { class: 'panic', fields: present({ message: body }) };
  return ending.test(body) ? { class: 'shutdown', fields: present({ message: body }) } : null;
}

function unheard(level: string, body: string): Classified | null {
  const fields = level === 'ERROR' || level === 'FATAL' ? listenError(body) : null;
  return fields && { class: 'listen-failed', fields };
}

const fatal = (level: string, body: string): Classified | null =>
  level === 'FATAL' ? { class: 'fatal', fields: present({ message: body }) } : null;
