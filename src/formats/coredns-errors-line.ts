import { present } from './api-reason.ts';
import type { Classified } from './log-classes.ts';

/** The payloads of the `errors` plugin, the first that fits. A plugin's own reason comes before what a socket said. */
const reasons: [string, RegExp][] = [
  ['max-concurrent', /concurrent queries exceeded maximum/],
  ['no-next-plugin', /no next plugin found/],
  ['no-healthy-proxies', /no healthy (?:proxies|upstreams)|no upstream host/],
  ['write-denied', /operation not permitted|: permission denied/],
  ['upstream-refused', /connection refused/],
  ['upstream-unreachable', /network is unreachable|no route to host|host is unreachable|cannot assign requested address/],
  ['upstream-timeout', /i\/o timeout|connection timed out|deadline exceeded/],
];

/** `2 amazon.com. A: read udp ...`; CoreDNS 1.2 and older write it without the name of the plugin. */
const single = /^(?:plugin\/errors: )?(\d{1,5}) (\S{1,1100}) ([A-Z0-9]{1,20}): (.+)$/;
/** "occured" up to 1.3.1. */
const consolidated = /^plugin\/errors: (\d{1,9}) errors like '(.*)' occurr?ed in last (\S{1,40})$/;
const upstream = /(?:->|dial \w{3,4} )(\[[^\]\s]{2,60}\]:\d{1,5}|[\d.]{7,15}:\d{1,5})/;
const probe = /^\d{1,20}\.\d{1,20}\.$/;
const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** Sorts a line of the `errors` plugin, without its level; null when it is none. A summary of `consolidate` says in `count` how many it stands for. */
export function classifyErrorsLine(body: string): Classified | null {
  const [, code, name = '', qtype, reason = ''] = single.exec(body) ?? [];
  if (code !== undefined) {
    const own = qtype === 'HINFO' && probe.test(name);
    return {
      class: own ? 'loop-probe-failed' : classOf(reason),
      fields: { ...fieldsOf(reason), ...present({ name, qtype, rcode: rcodes[Number(code)] ?? code }) },
    };
  }
  const [, count, pattern = '', period] = consolidated.exec(body) ?? [];
  if (count === undefined) return null;
  const wording = pattern.replace(/\\(.)/g, '$1');
  return { class: classOf(wording), fields: { ...fieldsOf(wording), ...present({ count, period, consolidated: 'true' }) } };
}

const classOf = (reason: string): string => reasons.find(([, pattern]) => pattern.test(reason))?.[0] ?? 'upstream-other';

function fieldsOf(reason: string): Record<string, string> {
  return present({
    reason,
    upstream: upstream.exec(reason)?.[1],
    protocol: /\b(?:read|write|dial) (udp|tcp)/.exec(reason)?.[1],
    plugin: /^(?:unreachable backend: )?plugin\/([\w-]{1,60}): /.exec(reason)?.[1],
    limit: /exceeded maximum (\d{1,12})/.exec(reason)?.[1],
  });
}
