import { parseIp } from '../rules/ip-address.ts';

/** What one address answered: the text of its metrics, or why there is none. */
export type Scraped = { text: string } | { unreadable: string };

const mark = '#dns-medic';
const keptBytes = 200_000;
/** Lines worth carrying: of the histograms' buckets, which are most of the text, only those of the health endpoint are used. */
const wanted = '^(coredns_|process_resident_memory_bytes)';
const unwanted = '^[a-z_]*_bucket';
const wantedBuckets = '^coredns_health_request_duration_seconds_bucket';

/**
 * A shell script that reads http://ADDRESS:PORT/metrics of all these addresses at once and prints each under a line of its own. Addresses that are
 * no IP addresses are left out: nothing but digits, dots and colons goes into the script. It writes to memory only (/dev/shm).
 */
export function metricsScript(addresses: readonly string[], port: number): string {
  const asked = addresses.map((address, i) => ({ i, address })).filter(({ address }) => /^[\da-f.:]+$/i.test(address) && parseIp(address) !== null);
  const gets = asked.map(({ i, address }) => `get ${i} 'http://${host(address)}:${Math.trunc(port)}/metrics' &`);
  return [
    'd=$(mktemp -d /dev/shm/m.XXXXXX 2>/dev/null || mktemp -d) || exit 1',
    'get() { wget -T 2 -qO "$d/$1" "$2" 2>"$d/$1.err"; echo $? >"$d/$1.rc"; }',
    ...gets,
    'wait',
    `for i in ${asked.map(({ i }) => i).join(' ')}; do`,
    `  echo "${mark} $i $(cat "$d/$i.rc") $(head -c 200 "$d/$i.err" | tr '\\n' ' ')"`,
    `  [ -f "$d/$i" ] && { grep -E '${wanted}' "$d/$i" | grep -vE '${unwanted}'; grep -E '${wantedBuckets}' "$d/$i"; } | head -c ${keptBytes}`,
    '  echo',
    'done',
    'rm -rf "$d"',
  ].join('\n');
}

/** What the script's output says for each of `count` addresses. */
export function scrapedFrom(output: string, count: number): Scraped[] {
  const found: Scraped[] = Array.from({ length: count }, () => ({ unreadable: 'no answer from the probe pod' }));
  for (const section of `\n${output}`.split(`\n${mark} `).slice(1)) {
    const end = section.indexOf('\n');
    const [index = '', status = '', ...words] = section.slice(0, end === -1 ? undefined : end).split(' ');
    const i = /^\d{1,3}$/.test(index) ? Number(index) : -1;
    if (i < 0 || i >= count) continue;
    const error = words.join(' ').trim().slice(0, 200);
    found[i] = status === '0' ? { text: whole(section.slice(end + 1)) } : { unreadable: error === '' ? `wget ended with ${status}` : error };
  }
  return found;
}

/** A text cut by `head -c` may end within a number: its last line is left out. */
function whole(text: string): string {
  return Buffer.byteLength(text) < keptBytes ? text : text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
}

function host(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
