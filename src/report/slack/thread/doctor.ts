import { doctorStatus, type DoctorReport, missingRights } from '../../doctor.ts';
import { doctorText } from '../../terminal/doctor.ts';
import { plain } from '../../terminal/palette.ts';
import { count } from '../../terminal/amounts.ts';
import { line, listing, type Part } from '../text/parts.ts';
import { pieces } from '../text/preformatted.ts';
import { bold, name, ours, type Words, words } from '../text/words.ts';

const width = 84;
const heaviestPiece = 2800;
const mostTextPieces = 2;
const mostYamlPieces = 2;

/** What `doctor` found, in a line. */
export function doctorHead(report: DoctorReport, cluster: string): Words {
  const where = name(cluster);
  const status = doctorStatus(report);
  if (status === 'well') return words`🟢 ${bold(ours('Nothing is missing'))} · dns-medic has every right that a check of ${where} needs`;
  if (status === 'unknown') return words`⚪ ${bold(ours('Could not tell'))} · not every right on ${where} could be asked for`;
  const missing = missingRights(report).length;
  if (missing === 0) return words`🔴 ${bold(ours('No probe pod can start'))} · in ${where}`;
  return words`🟠 ${bold(ours(`${count(missing, 'right')} missing`))} · on ${where}: a check sees less without`;
}

/** Lines in as many blocks as they need, up to a bound; what is left is counted, with the command that prints all. */
function inPieces(title: string, lines: readonly string[], mostPieces: number, all: Words): Part[] {
  const { pieces: parts, left } = pieces(lines, heaviestPiece, mostPieces);
  const bounds = { mostLines: lines.length, widest: heaviestPiece - 1, heaviest: heaviestPiece + 1 };
  const blocks = parts.map((part, at) => listing(at === 0 ? title : `${title}, continued`, part, bounds));
  return left === 0 ? blocks : [...blocks, line(words`… ${left} more lines are cut: ${all} prints all of it.`)];
}

/** What `doctor` found, in full; the RBAC that gives what is missing stands by itself, to be copied. */
export function doctorParts(report: DoctorReport, cluster: string): Part[] {
  const text = doctorText({ ...report, rbac: '' }, { width, palette: plain }, '')
    .trimEnd()
    .split('\n');
  const all = words`${ours('dns-medic doctor')} ${name(cluster)}`;
  const yaml = report.rbac.trimEnd();
  const given = yaml === '' ? [] : inPieces('This gives just what is missing', yaml.split('\n'), mostYamlPieces, all);
  return [...inPieces('Rights', text, mostTextPieces, all), ...given];
}
