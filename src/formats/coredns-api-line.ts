import { apiFailure, apiFields, present } from './api-reason.ts';
import { parseKlog } from './klog.ts';
import type { Classified } from './log-classes.ts';

const asked = /failed to list|Failed to watch|Failed to list|connection failure: /;
const bare = /^(?:Unhandled Error|Failed to watch)$/;

/**
 * A line of the `kubernetes` plugin without its prefix, in all generations. A 401, a refused connection, a certificate and the rest
 * are `api-error` with the kind in `failure`. 1.11.4 to 1.13.1 swallow the reason (`api-bare`): only RBAC reviews and metrics can tell it then.
 */
export function classifyKubernetesLine(text: string): Classified | null {
  if (text.startsWith('waiting for Kubernetes API')) return { class: 'api-waiting', fields: {} };
  if (text.startsWith('starting server with unsynced Kubernetes API')) return { class: 'api-unsynced', fields: {} };
  if (bare.test(text)) return { class: 'api-bare', fields: { message: text } };
  return asked.test(text) ? failed(text) : null;
}

/** A klog line of client-go inside CoreDNS' log (up to 1.9.3, and what newer ones do not catch). */
export function classifyKlogInside(line: string): Classified | null {
  const klog = parseKlog(line);
  if (!klog) return null;
  const text = klog.values['err'] === undefined ? klog.message : `${klog.message}: ${klog.values['err']}`;
  if (klog.severity === 'F') return { class: 'fatal', fields: present({ message: text }) };
  return klog.severity !== 'I' && asked.test(text) ? failed(text) : null;
}

function failed(text: string): Classified {
  const failure = apiFailure(text);
  const name = failure === 'forbidden' || failure === 'timeout' ? `api-${failure}` : 'api-error';
  return { class: name, fields: { ...apiFields(text), ...present({ reason: reasonOf(text), failure }) } };
}

/** What stands behind `failed to list *v1.Service: `. */
function reasonOf(text: string): string {
  const from = /(?:failed to list|Failed to watch) \*[\w.]{1,100}: (?!failed to list)|connection failure: /.exec(text);
  return from ? text.slice(from.index + from[0].length) : text;
}
