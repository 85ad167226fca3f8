import type { CaptureReport, HopCounts, ProofPacket, Way } from '../../domain/capture.ts';
import { endWords, percent, verdictWords } from '../capture-words.ts';
import { printable } from '../printable.ts';
import { columns, cutMiddle, hanging, pad } from './layout.ts';
import type { Palette, Style } from './palette.ts';

const heads = ['told', 'sent', 'arrived', 'answered', 'back', 'lost'] as const;
const widestEnd = 34;

const number = (count: number | null): string => (count === null ? '·' : String(count));

function cells({ told, sent, arrived, answered, returned, loss }: HopCounts): string[] {
  return [number(told), number(sent), number(arrived), number(answered), number(returned), loss === null ? '·' : percent(loss)];
}

const isEmpty = ({ told, sent, arrived, answered }: HopCounts): boolean =>
  [told, sent, arrived, answered].every((count) => count === null || count === 0);

export const paintOf = ({ verdict }: Pick<Way, 'verdict'>): keyof Palette =>
  verdict === 'dns-ok' ? 'green' : ['slow-server', 'unknown', 'encrypted', 'nothing-seen'].includes(verdict) ? 'yellow' : 'red';

type Row = { from: string; to: string; proto: string; cells: string[]; way: Way };

const rowsOf = (way: Way): Row[] => {
  const [from, to] = [cutMiddle(endWords(way.client), widestEnd), cutMiddle(endWords(way.server), widestEnd)];
  const both = (['udp', 'tcp'] as const).filter((proto) => !isEmpty(way[proto]));
  return (both.length === 0 ? (['udp'] as const) : both).map((proto, index) => ({
    from: index === 0 ? from : '',
    to: index === 0 ? to : '',
    proto: proto.toUpperCase(),
    cells: cells(way[proto]),
    way,
  }));
};

/** The ways in a table: requests at each hop, and what became of them. What was not captured is a dot. */
export function wayLines({ ways, waysLeftOut }: CaptureReport, { width, palette }: Style): string[] {
  if (ways.length === 0) return [];
  const rows = ways.flatMap(rowsOf);
  const [from, to] = [widest(['from', ...rows.map((row) => row.from)]), widest(['to', ...rows.map((row) => row.to)])];
  const widths = heads.map((head, at) => widest([head, ...rows.map((row) => row.cells[at] ?? '')]));
  const numbers = (texts: readonly string[]): string => texts.map((text, at) => text.padStart(widths[at] ?? 0)).join('  ');
  const lines = rows.map((row) => `${pad(row.from, from)}  ${pad(row.to, to)}  ${row.proto}  ${numbers(row.cells)}`);
  const marked = lines.flatMap((line, at) => {
    const { way, from: first } = rows[at] ?? { way: undefined, from: '' };
    if (way === undefined) return [line];
    const last = rows[at + 1]?.way !== way;
    const said = way.share < 1 && way.verdict !== 'dns-ok' ? ` (${percent(way.share)})` : '';
    const words = `  ${way.crossNode === true ? 'to another node; ' : way.crossNode === false ? 'on one node; ' : ''}`;
    const verdict = hanging(`${verdictWords[way.verdict]}${said}`, { width, lead: words }).map((text) => palette[paintOf(way)](text));
    return first === '' && !last ? [line] : last ? [line, ...verdict] : [line];
  });
  return [
    palette.bold('Requests on each way'),
    palette.dim(`${pad('from', from)}  ${pad('to', to)}       ${numbers(heads)}`),
    ...marked,
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
