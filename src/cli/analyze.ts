import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { basename } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../base/failure.ts';
import type { CapturePoint, CaptureReport } from '../domain/capture.ts';
import { captureReport } from '../packets/capture-report.ts';
import { guessRoles } from '../packets/guess-roles.ts';
import { PointAnalysis, type PointResult, probeMarker } from '../packets/point/analysis.ts';
import { readCapture } from '../packets/read/read-capture.ts';
import { redactCapture } from '../packets/redact.ts';
import { captureText } from '../report/terminal/capture.ts';
import { paletteFor } from './colours.ts';
import { couldNotTell } from './exit-status.ts';
import { jsonText, widthOf } from './print.ts';

interface AnalyzeOptions {
  client?: string;
  server: string[];
  zone: string;
  json?: boolean;
  names?: boolean;
}

const mostFiles = 16;
const chunkBytes = 1 << 20;

function address(value: string): string {
  if (isIP(value) !== 0) return value.toLowerCase();
  throw new InvalidArgumentError('expected an IP address');
}

const addresses = (value: string, before: string[] = []): string[] => [...before, address(value)];

async function analyse(file: string, point: CapturePoint): Promise<PointResult> {
  const analysis = new PointAnalysis(point, { marker: probeMarker, clusterIps: [], upstreams: [] });
  const end = await readCapture(createReadStream(file, { highWaterMark: chunkBytes }), (seen) => analysis.take(seen));
  if (end.format === 'none')
    throw new UsageError(`${file}: ${end.cut ?? 'not a capture'}. What \`tcpdump -w\` or Wireshark writes is read.`);
  return analysis.end(end);
}

/** Each file by a name that no other has. */
const pointsOf = (files: readonly string[]): CapturePoint[] => {
  const short = files.map((file) => basename(file));
  return files.map((file, at) => {
    const id = short.filter((one) => one === short[at]).length === 1 ? (short[at] ?? file) : file;
    return { id, role: 'unknown', label: id, node: null, addresses: [], known: 'guessed' };
  });
};

async function readable(file: string): Promise<void> {
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => error);
  if (info instanceof Error)
    throw new UsageError(`${file}: ${info.code === 'ENOENT' ? 'no such file' : `cannot be read (${info.code ?? info.message})`}`);
  if (!info.isFile()) throw new UsageError(`${file}: not a file`);
}

function checkNamed(results: readonly PointResult[], { client, server }: AnalyzeOptions): void {
  const reports = results.map(({ report }) => report);
  const isThere = (named: string, of: 'clients' | 'servers'): boolean =>
    reports.some((report) => report[of].length >= 10 || report[of].some(({ value }) => value === named));
  if (client !== undefined && !isThere(client, 'clients'))
    throw new UsageError(`--client ${client}: asks nothing in these files. Leave it out, and give --names to see who asks.`);
  for (const named of server)
    if (!isThere(named, 'servers')) throw new UsageError(`--server ${named}: is asked nothing in these files. Leave it out to see who is.`);
}

/** Reads each file, finds out where it was captured, and, where that matters, reads it again knowing it. */
async function reportOn(files: readonly string[], options: AnalyzeOptions): Promise<CaptureReport> {
  const points = pointsOf(files);
  const first: PointResult[] = [];
  for (const [at, file] of files.entries()) if (points[at] !== undefined) first.push(await analyse(file, points[at]));
  checkNamed(first, options);
  const roles = guessRoles(
    first.map(({ report }) => report),
    { client: options.client, servers: options.server },
  );
  const results: PointResult[] = [];
  for (const [at, once] of first.entries()) {
    const [file, point, role] = [files[at], points[at], roles[at]];
    const again = file !== undefined && point !== undefined && role !== undefined && role.role !== 'unknown';
    results.push(again ? await analyse(file, { ...point, ...role }) : once);
  }
  return captureReport(results, { clusterIps: [], upstreams: [], endpoints: null });
}

const statusOf = ({ verdict }: CaptureReport): number =>
  verdict.status === 'healthy' ? 0 : verdict.status === 'unknown' ? couldNotTell : 1;

export const analyze = new Command('analyze')
  .description('say what captures of DNS show: who asks, what is answered, what is lost and where')
  .argument('<file...>', 'captures of tcpdump or Wireshark (pcap, pcapng); several of the same time are compared query by query')
  .option('--client <ip>', 'one of the files was captured at this client', address)
  .option('--server <ip>', 'one of the files was captured at this server (may be repeated)', addresses, [])
  .option('--zone <zone>', 'zone of the cluster, whose names keep their end', 'cluster.local')
  .option('--names', 'show names and clients (without it, pseudonyms stand for them)')
  .option('--json', 'print the report as one JSON document')
  .action(async (files: string[], options: AnalyzeOptions) => {
    if (files.length > mostFiles) throw new UsageError(`${files.length} files; at most ${mostFiles} can be compared`);
    for (const file of files) await readable(file);
    const whole = await reportOn(files, options);
    const zones = [options.zone.replace(/^\.+|\.+$/g, '').toLowerCase()];
    const report = options.names === true ? whole : redactCapture(whole, { marker: probeMarker, zones });
    if (options.json === true) process.stdout.write(`${jsonText(report)}\n`);
    else process.stdout.write(captureText(report, { width: widthOf(process.stdout), palette: paletteFor(process.stdout) }));
    process.exitCode = statusOf(report);
  });
