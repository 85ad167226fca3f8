import { apiFailure, apiFields, present } from './api-reason.ts';
import type { ApiFailure } from './api-reason.ts';
import { parseKlog } from './klog.ts';
import type { KlogLine } from './klog.ts';
import type { Classified } from './log-classes.ts';

const rules =
  /iptables-restore|iptables-save|xtables lock|[Ss]ync failed|nft(?:ables)?\b.*\bfailed|Failed to (?:execute|sync|list) (?:iptables|nft|ipset)/;
const conntrack = /Failed to (?:list|clear|delete|reconcile|clean\s?up)\b.*conntrack|conntrack.* (?:error|failed)/i;
const api = /failed to list|failed to watch|(?:Get|Post|Put|Patch) \\?"https?:|retrieve node|is forbidden: |Unauthorized|dial tcp/i;
const config =
  /failed (?:validate|complete)|failed to decode|no such file or directory|invalid configuration|unknown flag|unknown shorthand|unable to (?:load|read)|[Uu]nknown proxy mode|kubeconfig|invalid argument/;
const ended =
  /^command failed$|^Error running ProxyServer$|^failed (?:complete|validate): |^unable to create proxier|^Failed to create proxier/i;
/** Said by healthy ones, too. */
const harmless = /may be incomplete or incorrect|GOAWAY|Unable to write event|Failed to apply OOMScore|Server rejected event|oom_score_adj/;

const apiClasses: Record<ApiFailure, string> = {
  forbidden: 'api-forbidden',
  unauthorized: 'api-unauthorized',
  cert: 'api-cert',
  name: 'api-name',
  refused: 'api-refused',
  timeout: 'api-timeout',
  other: 'other-error',
};

/** Sorts a clean line of kube-proxy's log, without the kubelet's time; null for one that says nothing about a fault or its end. */
export function classifyKubeProxyText(line: string): Classified | null {
  const klog = parseKlog(line);
  if (klog) return klog.severity === 'I' ? classifyInfo(klog.message, klog.values) : classifyTrouble(klog);
  if (/^panic: |^fatal error: /.test(line)) return { class: 'fatal', fields: present({ reason: line }) };
  const [, reason] = /^(?:[Ee]rror|FATAL|F\d{4}): (.+)$/.exec(line) ?? [];
  return reason === undefined ? null : ending(reason);
}

/** What only a start that got so far says. "Using iptables proxy" (small p) stands before the API server was asked and means nothing. */
function classifyInfo(message: string, values: Record<string, string>): Classified | null {
  const [, cache] = /^Caches are synced(?: for (.+?))?\s*$|^Caches populated/.exec(message) ?? [];
  if (/^Caches (?:are synced|populated)/.test(message))
    return { class: 'synced', fields: present({ cache: cache ?? values['controller'] ?? values['type'] }) };
  const [, mode] = /^Using (\w{1,20}) Proxier/.exec(message) ?? [];
  return mode === undefined ? null : { class: 'started', fields: { mode } };
}

function classifyTrouble({ severity, message, values }: KlogLine): Classified | null {
  const error = values['err'];
  const text = error === undefined ? message : `${message}: ${error}`;
  if (harmless.test(text)) return null;
  if (severity === 'F' || ended.test(message)) return ending(error ?? message);
  if (rules.test(text))
    return { class: 'iptables-failed', fields: present({ reason: text, line: /line (\d{1,9}) failed/.exec(text)?.[1] }) };
  if (conntrack.test(text)) return { class: 'conntrack-failed', fields: present({ reason: text }) };
  if (api.test(text)) return apiTrouble(text, values, severity);
  return severity === 'E' ? { class: 'other-error', fields: present({ reason: text }) } : null;
}

function apiTrouble(text: string, values: Record<string, string>, severity: string): Classified | null {
  const failure = apiFailure(text);
  if (failure === 'other' && severity !== 'E') return null;
  const kind = values['type']?.split('.').at(-1);
  return { class: apiClasses[failure], fields: { ...present({ kind }), ...apiFields(text), ...present({ reason: reasonOf(text) }) } };
}

/** What stands behind `failed to list *v1.Service: `. */
function reasonOf(text: string): string {
  const found = /failed to list \*[\w.]{1,100}: /.exec(text);
  return found ? text.slice(found.index + found[0].length) : text;
}

/** Why it ended: its configuration (with the field and the value, where they are said), or something else. */
function ending(reason: string): Classified {
  const [, field, value] = /([\w.[\]]{1,200}): Invalid value: "?([^":]{0,200})/.exec(reason) ?? [];
  const own = config.test(reason) && !reason.includes('/proc/');
  return { class: own ? 'config-invalid' : 'fatal', fields: present({ reason, field, value }) };
}
