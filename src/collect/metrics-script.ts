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
 * no IP addresses are left out: nothing but digits, letters a to f, dots and colons goes into the script. It writes to memory only (/dev/shm), and
 * speaks HTTP through `nc`: every image with network tools has it, while BusyBox' wget crashes in images without an nsswitch.conf.
 */
export function metricsScript(addresses: readonly string[], port: number): string {
  const asked = addresses.map((address, i) => ({ i, address })).filter(({ address }) => isAddress(address));
  return [
    'd=$(mktemp -d /dev/shm/m.XXXXXX 2>/dev/null || mktemp -d) || exit 1',
    'get() {',
    `  printf 'GET /metrics HTTP/1.0\\r\\nHost: coredns\\r\\n\\r\\n' | timeout 3 nc -w 2 "$2" ${Math.trunc(port)} >"$d/$1" 2>"$d/$1.err"`,
    '  echo $? >"$d/$1.rc"',
    '}',
    ...asked.map(({ i, address }) => `get ${i} '${address}' &`),
    'wait',
    `for i in ${asked.map(({ i }) => i).join(' ')}; do`,
    `  echo "${mark} $i $(cat "$d/$i.rc") $(cat "$d/$i.err" "$d/$i" | head -n 1 | head -c 200 | tr -c ' -~' ' ')"`,
    `  { grep -E '${wanted}' "$d/$i" | grep -vE '${unwanted}'; grep -E '${wantedBuckets}' "$d/$i"; } | head -c ${keptBytes}`,
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
    if (i >= 0 && i < count) found[i] = scraped(status, words.join(' ').trim(), end === -1 ? '' : section.slice(end + 1));
  }
  return found;
}

/** `said`: the first line of the errors, else of the answer. */
function scraped(status: string, said: string, text: string): Scraped {
  if (status === '0' && /^HTTP\/1\.\d 200\b/.test(said)) return { text: whole(text) };
  return { unreadable: said === '' ? `no connection (nc ended with ${status})` : said };
}

/** A text cut by `head -c` may end within a number: its last line is left out. */
function whole(text: string): string {
  return Buffer.byteLength(text) < keptBytes ? text : text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
}

function isAddress(text: string): boolean {
  return /^[\da-f.:]+$/i.test(text) && parseIp(text) !== null;
}
