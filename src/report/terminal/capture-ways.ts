import type { CaptureReport, HopCounts, ProofPacket, Way, WayEnd } from '../../domain/capture.ts';
import { endWords, percent, verdictWords } from '../capture-words.ts';
import { printable } from '../printable.ts';
import { columns, cutMiddle, hanging, pad } from './layout.ts';
import type { Palette, Style } from './palette.ts';

/** `probes`: as the program that asked counted them. */
const heads = ['probes', 'sent', 'arrived', 'answered', 'back', 'lost'] as const;
const protoWidth = 3;

const unknown = '·';
const number = (count: number | null): string => (count === null ? unknown : String(count));

function cells({ told, sent, arrived, answered, returned, loss }: HopCounts): string[] {
  return [number(told), number(sent), number(arrived), number(answered), number(returned), loss === null ? unknown : percent(loss)];
}

const isEmpty = ({ told, sent, arrived, answered }: HopCounts): boolean =>
  [told, sent, arrived, answered].every((count) => count === null || count === 0);

const paintOf = ({ verdict }: Pick<Way, 'verdict'>): keyof Palette =>
  verdict === 'dns-ok' ? 'green' : ['slow-server', 'unknown', 'encrypted', 'nothing-seen'].includes(verdict) ? 'yellow' : 'red';

type Row = { way: Way; first: boolean; proto: string; cells: string[] };

function rowsOf(way: Way): Row[] {
  const used = (['udp', 'tcp'] as const).filter((proto) => !isEmpty(way[proto]));
  const shown = used.length === 0 ? (['udp'] as const) : used;
  return shown.map((proto, index) => ({ way, first: index === 0, proto: proto.toUpperCase(), cells: cells(way[proto]) }));
}

/** An end of a way in so many columns: with its address if there is room. */
function endCell(end: WayEnd, width: number): string {
  const whole = endWords(end);
  return columns(whole) <= width ? whole : cutMiddle(printable(end.label, 120), width);
}

const sampleWords = (share: number): string =>
  share === 0
    ? 'There are too many queries to be compared.'
    : `A sample, for there are very many: one query in ${Math.round(1 / share)}, and every marked probe.`;

function verdictLines(way: Way, { width, palette }: Style): string[] {
  const place = way.crossNode === null ? '' : way.crossNode ? 'to another node: ' : 'on one node: ';
  const share = way.share < 1 && way.verdict !== 'dns-ok' ? ` (${percent(way.share)})` : '';
  const said = `${place}${verdictWords[way.verdict]}${share}`;
  return hanging(said, { width, lead: '  ' }).map((text) => palette[paintOf(way)](text));
}

/** The ways in a table: requests at each hop, and what became of them. What was not captured is a dot. */
export function wayLines({ ways, waysLeftOut, sampled }: CaptureReport, { width, palette }: Style): string[] {
  if (ways.length === 0) return [];
  const rows = ways.flatMap(rowsOf);
  // what no way has needs no column
  const shown = heads.map((head, at) => ({ head, at })).filter(({ at }) => rows.some((row) => row.cells[at] !== unknown));
  const numbers = (of: (at: number) => string): string =>
    shown.map(({ head, at }) => of(at).padStart(widest([head, ...rows.map((row) => row.cells[at] ?? '')]))).join('  ');
  const header = numbers((at) => heads[at] ?? '');
  const room = width - columns(header) - protoWidth - 6;
  const from = widest(['from', ...rows.map(({ way }) => endCell(way.client, Math.max(12, Math.floor(room / 2))))]);
  const to = widest(['to', ...rows.map(({ way }) => endCell(way.server, Math.max(12, room - from)))]);
  const lines = rows.flatMap((row, at) => {
    const [client, server] = row.first ? [endCell(row.way.client, from), endCell(row.way.server, to)] : ['', ''];
    const line = `${pad(client, from)}  ${pad(server, to)}  ${row.proto}  ${numbers((cell) => row.cells[cell] ?? '')}`;
    return rows[at + 1]?.way === row.way ? [line] : [line, ...verdictLines(row.way, { width, palette })];
  });
  return [
    palette.bold('Requests on each way'),
    palette.dim(`${pad('from', from)}  ${pad('to', to)}  ${' '.repeat(protoWidth)}  ${header}`),
    ...lines,
    ...(sampled === 1 ? [] : hanging(sampleWords(sampled), { width, lead: '' }).map((line) => palette.dim(line))),
    ...(waysLeftOut === 0 ? [] : [palette.dim(`and ${waysLeftOut} more ways with less on them`)]),
  ];
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(columns));

function packetWords({ point, number: at, what, name, type, id }: ProofPacket): string {
  const asked = name === null ? '' : `  ${printable(type ?? '', 12)} ${printable(name, 255)}`;
  return `${printable(point, 60)}  packet ${at}  ${what}${id === null ? '' : `  id ${id}`}${asked}`;
}

/** The packets that prove the verdict, as Wireshark numbers them. */
export function packetLines({ verdict, ways }: CaptureReport, { width, palette }: Style): string[] {
  const proof = verdict.way === null ? [] : (ways[verdict.way]?.proof ?? []);
  if (proof.length === 0) return [];
  return [palette.bold('Packets that show it'), ...proof.flatMap((packet) => hanging(packetWords(packet), { width, lead: '  ' }))];
}
