import { readFile, stat } from 'node:fs/promises';
import { Command } from 'commander';
import { UsageError } from '../base/failure.ts';
import { schemas } from '../domain/evidence.ts';
import { Bundle } from '../domain/report.ts';
import { show } from './check.ts';
import { judge } from './engine.ts';

const maxBytes = 64 << 20;

function parseBundle(file: string, text: string): Bundle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: not JSON: ${(error as Error).message}`);
  }
  const bundle = Bundle.safeParse(json);
  if (!bundle.success) {
    const issue = bundle.error.issues[0];
    throw new UsageError(`${file}: not a bundle of dns-medic: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  return bundle.data;
}

/** A reading that does not fit its schema is not judged on: it becomes a failed one that says so. */
function checked(bundle: Bundle): Bundle {
  const readings = Object.entries(bundle.readings).map(([id, reading]) => {
    const schema = schemas[id as keyof typeof schemas];
    if (reading.status === 'failed' || schema === undefined) return [id, reading] as const;
    const parsed = schema.safeParse(reading.data);
    if (parsed.success) return [id, { ...reading, data: parsed.data }] as const;
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    return [
      id,
      { id, status: 'failed', reason: 'error', message: `the bundle's ${id} is not of this version: ${where}`, durationMs: 0 },
    ] as const;
  });
  return { ...bundle, readings: Object.fromEntries(readings) };
}

/** Reads a bundle from a file. Throws a UsageError when it is none. */
export async function readBundle(file: string): Promise<Bundle> {
  const info = await stat(file).catch(() => null);
  if (info === null || !info.isFile()) throw new UsageError(`${file}: no such file`);
  if (info.size > maxBytes) throw new UsageError(`${file}: ${info.size} bytes; a bundle has at most ${maxBytes}`);
  return checked(parseBundle(file, await readFile(file, 'utf8')));
}

export const judgeBundle = new Command('judge')
  .description('judge what a check saved: the same report, without a cluster')
  .argument('<bundle>', 'a file that `check --save` wrote')
  .option('--json', 'print the report as one JSON document')
  .action(async (file: string, options: { json?: boolean }) => {
    const bundle = await readBundle(file);
    show(judge(bundle), bundle, options.json === true);
  });
