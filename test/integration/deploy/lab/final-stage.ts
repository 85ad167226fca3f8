import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The packages that `npm ci --omit=dev` installs, by path; those of other platforms are not there. */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean }> };
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true && existsSync(join(root, path)))
    .map(([path]) => path);
}

const copy = (path: string, to: string): void => {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  execFileSync('cp', ['-a', '--reflink=auto', join(root, path), dirname(join(to, path))]);
};

/** The environment of the image. */
function imageEnv(): Record<string, string> {
  const [, line = ''] = /^ENV (.*)$/m.exec(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8')) ?? [];
  return Object.fromEntries(line.split(' ').map((one) => one.split('=') as [string, string]));
}

function compile(to: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', to], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the sources do not compile: ${stdout.slice(0, 500)}`);
}

/** What a command of the image printed, and how it ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The last stage, and what it is started with. */
export interface FinalStage {
  /** The folder that is `/app` in the image. */
  app: string;
  run(args: readonly string[]): Ended;
  /** Starts one that goes on; what it says is passed on piece by piece. */
  start(args: readonly string[], env: Record<string, string>, heard: (text: string) => void): ChildProcess;
  remove(): void;
}

/**
 * What the last stage of the Dockerfile holds, made without a container engine: the compiled sources, package.json and the packages of production,
 * which nobody may write. `run` starts Node as the image does: as an account with no rights, with an empty environment.
 */
export function finalStage(): FinalStage {
  const app = mkdtempSync(join(tmpdir(), 'dns-medic-test-image-'));
  const node = join(app, 'node');
  compile(join(app, 'dist'));
  for (const path of ['package.json', ...productionPackages()]) if (!existsSync(join(app, path))) copy(path, app);
  cpSync(process.execPath, node);
  execFileSync('chmod', ['-R', 'a-w,a+rX', app]);
  const nobody = process.getuid?.() === 0 ? { uid: 65_532, gid: 65_532 } : {};
  const around = (env: Record<string, string> = {}) => ({ cwd: app, env: { ...imageEnv(), ...env }, ...nobody });
  return {
    app,
    run: (args) => {
      const { status, stdout, stderr } = spawnSync(node, args, { ...around(), encoding: 'utf8', timeout: 30_000 });
      return { status, stdout, stderr };
    },
    start: (args, env, heard) => {
      const child = spawn(node, args, { ...around(env), stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => heard(data.toString()));
      return child;
    },
    remove: () => {
      execFileSync('chmod', ['-R', 'u+w', app]);
      rmSync(app, { recursive: true, force: true });
    },
  };
}
