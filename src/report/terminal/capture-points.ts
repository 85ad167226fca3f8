import type { CapturePointReport, Counted } from '../../domain/capture.ts';
import { amountWords, pointSentences } from '../capture-point-words.ts';
import { printable } from '../printable.ts';
import { cut, hanging } from './layout.ts';
import type { Style } from './palette.ts';

const most = 5;

const roles: Readonly<Record<CapturePointReport['role'], string>> = {
  client: 'at the client',
  server: 'at the server',
  node: 'on the node',
  unknown: 'place not known',
};

function head({ id, label, role, node, known, addresses }: CapturePointReport): string {
  const [first, name] = [printable(id, 80), printable(label, 120)];
  const where = [
    roles[role],
    ...addresses.slice(0, 2).map((address) => printable(address, 60)),
    ...(node === null ? [] : [`node ${printable(node, 80)}`]),
  ];
  const guess = known === 'guessed' && role !== 'unknown' ? '; guessed' : '';
  return `${name === first ? name : `${first}  ${name}`} (${where.join(', ')}${guess})`;
}

function topLine(title: string, counts: readonly Counted[], width: number): string[] {
  if (counts.length === 0) return [];
  const shown = counts
    .slice(0, most)
    .map(({ value, count, error }) => `${printable(value, 100)} ${error === 0 ? '' : 'about '}${count.toLocaleString('en')}`);
  return hanging(`${shown.join('; ')}${counts.length > most ? '; …' : ''}`, { width, lead: `  ${title}: `, maxLines: 4 });
}

function pointLines(point: CapturePointReport, { width, palette }: Style): string[] {
  return [
    palette.bold(cut(head(point), width)),
    ...hanging(`${amountWords(point)}.`, { width, lead: '  ' }),
    ...pointSentences(point).flatMap((sentence) => hanging(sentence, { width, lead: '  ' })),
    ...topLine('names', point.names, width),
    ...topLine('clients', point.clients, width),
    ...topLine('servers', point.servers, width),
  ];
}

/** Each capture by itself. */
export const pointBlocks = (points: readonly CapturePointReport[], style: Style): string[][] =>
  points.map((point) => pointLines(point, style));
