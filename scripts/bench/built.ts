import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from '../e2e/cluster.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'node_modules', '.cache', 'bench');

async function build(): Promise<string> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const done = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', folder, '--sourceMap', 'false']);
  if (done.status !== 0) throw new Error(`the program does not compile: ${done.stdout.slice(0, 500)}`);
  await writeFile(join(folder, 'package.json'), '{"type": "module"}\n');
  return folder;
}

let built: Promise<string> | null = null;

/** The stage of bot and worker, compiled as it is for the image: to strip types at the start takes time and memory that nobody pays there. */
export async function builtStage(): Promise<typeof import('../../src/cli/demo/stage.ts')> {
  built ??= build();
  const file = join(await built, 'cli', 'demo', 'stage.js');
  return (await import(pathToFileURL(file).href)) as typeof import('../../src/cli/demo/stage.ts');
}
