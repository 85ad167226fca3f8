import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { LONGEST_FILE, MOST_FILES_IN_BASE } from './architecture/doors.ts';
import { importsOf } from './architecture/imports.ts';
import { trespasses } from './architecture/trespasses.ts';

const root = new URL('../', import.meta.url);
const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: `src/${file}`, text: readFileSync(new URL(`src/${file}`, root), 'utf8') }));
const packages = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { dependencies: Record<string, string> };

describe('the sources', () => {
  test('there are some', () => {
    expect(sources.length).toBeGreaterThan(10);
  });

  test('go only through the doors that their room may use', () => {
    expect(sources.flatMap(({ file, text }) => trespasses(file, text))).toEqual([]);
  });

  test(`are at most ${LONGEST_FILE} lines long`, () => {
    const long = sources.map(({ file, text }) => ({ file, lines: text.trimEnd().split('\n').length }));
    expect(long.filter(({ lines }) => lines > LONGEST_FILE)).toEqual([]);
  });

  test(`leave base/ at ${MOST_FILES_IN_BASE} files`, () => {
    expect(sources.filter(({ file }) => file.startsWith('src/base/')).length).toBeLessThanOrEqual(MOST_FILES_IN_BASE);
  });

  test('use only packages that a production install has', () => {
    const specifiers = sources.flatMap(({ text }) => importsOf(text).map(({ specifier }) => specifier));
    const bare = specifiers.filter((specifier) => !/^(?:\.|node:)/.test(specifier));
    const declared = Object.keys(packages.dependencies);
    expect(bare.filter((specifier) => !declared.some((name) => specifier === name || specifier.startsWith(`${name}/`)))).toEqual([]);
  });

  test('have names that say what they hold', () => {
    expect(
      sources.map(({ file }) => file).filter((file) => /(?:^|[/-])(?:utils?|helpers?|manager|misc|common)(?:[/.-]|$)/.test(file)),
    ).toEqual([]);
  });
});

describe('the test of the doors', () => {
  test('sees imports of every form', () => {
    const source = [
      "import a from './a.ts';",
      "import type { B } from './b.ts';",
      'import {\n  c,\n  type D,\n} from "./c.ts";',
      "import './e.ts';",
      "export * from './f.ts';",
      "export type { G } from './g.ts';",
      "export const h = 'from';\nconst i = await import('./i.ts');",
      "import j, { k } from './j.ts';",
      "import type from './l.ts';",
    ].join('\n');
    const runtime = importsOf(source).filter(({ typeOnly }) => !typeOnly);
    const types = importsOf(source).filter(({ typeOnly }) => typeOnly);
    expect(runtime.map(({ specifier }) => specifier).toSorted()).toEqual([
      './a.ts',
      './c.ts',
      './e.ts',
      './f.ts',
      './i.ts',
      './j.ts',
      './l.ts',
    ]);
    expect(types.map(({ specifier }) => specifier)).toEqual(['./b.ts', './g.ts']);
  });

  test('does not take comments and strings for imports', () => {
    expect(importsOf("/** import x from './x.ts' */\n// import './y.ts'\nconst z = \"import './z.ts'\";")).toEqual([]);
  });

  test.each([
    ['a check that does I/O', 'src/checks/x.ts', "import { readFileSync } from 'node:fs';"],
    ['a check that imports the cluster', 'src/checks/deep/x.ts', "import type { ClusterPort } from '../../cluster/port.ts';"],
    ['a collector that imports the adapter', 'src/collect/x.ts', "import { connect } from '../cluster/connect.ts';"],
    ['a collector that takes a type from the port inline', 'src/collect/x.ts', "import { type Json } from '../cluster/port.ts';"],
    ['the Kubernetes client outside cluster/', 'src/cli/x.ts', "import { KubeConfig } from '@kubernetes/client-node';"],
    ['undici outside cluster/', 'src/flows/x.ts', "import { Agent } from 'undici';"],
    ['a package that is loaded late', 'src/cli/x.ts', "const ws = await import('ws');"],
    ['config that is read by a flow', 'src/flows/x.ts', "import { loadConfig } from '../config/load.ts';"],
    ['domain that imports a room', 'src/domain/x.ts', "import type { Failure } from '../base/failure.ts';"],
    ['a source that imports from the tests', 'src/cli/x.ts', "import { x } from '../../test/x.ts';"],
    ['a file in no room', 'src/attic/x.ts', ''],
    ['a stand-in that is loaded by a command', 'src/cli/bot.ts', "import { startSlack } from '../lab/slack/start.ts';"],
    ['a bot that reaches a cluster', 'src/slack/x.ts', "import { connect } from '../cluster/connect.ts';"],
    ['Bolt outside slack/', 'src/cli/x.ts', "import { App } from '@slack/bolt';"],
    ['a queue that knows what a run does', 'src/queue/x.ts', "import { diagnose } from '../flows/diagnose.ts';"],
    ['the environment read by a collector', 'src/collect/x.ts', 'const home = process.env.HOME;'],
  ])('finds %s', (_what, file, source) => {
    expect(trespasses(file, source)).toHaveLength(1);
  });

  test.each([
    ['a collector that takes types of the port', 'src/collect/x.ts', "import type { ClusterPort } from '../cluster/port.ts';"],
    ['a file of its own room', 'src/checks/x.ts', "import { y } from './y.ts';"],
    ['a stand-in that is loaded by the demo', 'src/cli/demo/x.ts', "import { startSlack } from '../../lab/slack/start.ts';"],
    ['the client in cluster/', 'src/cluster/x.ts', "import { KubeConfig } from '@kubernetes/client-node/dist/config.js';"],
    ['the environment in config/', 'src/config/x.ts', 'loadConfig(process.env);'],
  ])('lets %s through', (_what, file, source) => {
    expect(trespasses(file, source)).toEqual([]);
  });
});
