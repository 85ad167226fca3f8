import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { typeName } from '../../src/packets/read/dns-type.ts';
import type { Row, Tally } from './tally.ts';

const fields = [
  'frame.number',
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'udp.srcport',
  'udp.dstport',
  'tcp.srcport',
  'tcp.dstport',
  'dns.id',
  'dns.flags.response',
  'dns.flags.rcode',
  'dns.qry.name',
  'dns.qry.type',
] as const;
type Field = (typeof fields)[number];

/**
 * What tshark is asked. Not as it is set by itself:
 * - ICMP is left out: tshark takes the query that an ICMP error quotes for one more query.
 * - segments out of order are put in order: else it reads what comes early as a message of its own, and calls it malformed.
 */
export const tsharkArguments = (file: string): string[] => [
  ...['-n', '-r', file, '-o', 'tcp.reassemble_out_of_order:TRUE', '-Y', 'dns && !icmp && !icmpv6', '-T', 'fields'],
  ...['-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=|'],
  ...fields.flatMap((field) => ['-e', field]),
];

/** The messages of a packet. Several (over TCP) have their values next to each other; only answers have an rcode. */
function* rowsOf(line: string): Generator<Row> {
  const values = line.split('\t');
  const all = (field: Field): string[] => (values[fields.indexOf(field)] ?? '').split('|').filter((value) => value !== '');
  const first = (...of: Field[]): string => of.flatMap(all)[0] ?? '';
  const [ids, names, types, rcodes] = [all('dns.id'), all('dns.qry.name'), all('dns.qry.type'), all('dns.flags.rcode')];
  const route = {
    number: Number(first('frame.number')),
    source: first('ip.src', 'ipv6.src'),
    sourcePort: Number(first('udp.srcport', 'tcp.srcport')),
    destination: first('ip.dst', 'ipv6.dst'),
    destinationPort: Number(first('udp.dstport', 'tcp.dstport')),
  };
  for (const [index, response] of all('dns.flags.response').entries()) {
    const isAnswer = response === '1' || response === 'True';
    const rcode = isAnswer ? Number(rcodes.shift()) : 0;
    const name = names[index] === '<Root>' ? '.' : (names[index]?.toLowerCase() ?? null);
    const type = types[index] === undefined ? null : typeName(Number(types[index]));
    yield { ...route, isAnswer, rcode, id: Number(ids[index]), name, type };
  }
}

/** Counts the messages of a capture with tshark. Rejects when it fails, but not because a file is cut. */
export async function tallyOfTshark(file: string, tally: Tally): Promise<Record<string, number>> {
  const child = spawn('tshark', tsharkArguments(file), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
  for await (const line of createInterface({ input: child.stdout })) for (const row of rowsOf(line)) tally.add(row);
  const status = await ended;
  // 2: the file is cut, or damaged from somewhere on
  if (status !== 0 && status !== 2) throw new Error(`tshark ended with ${status}: ${said}`);
  return tally.result();
}
