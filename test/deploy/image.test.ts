import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { read } from './files.ts';

interface Instruction {
  word: string;
  rest: string;
}
interface Stage {
  name: string;
  from: string;
  instructions: Instruction[];
}

const lines = read('deploy/Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line): Instruction => {
    const [word = '', ...rest] = line.split(' ');
    return { word, rest: rest.join(' ').trim() };
  });

/** What an ARG before the first stage is, where nothing is handed in. */
const args = Object.fromEntries(
  lines
    .slice(
      0,
      lines.findIndex(({ word }) => word === 'FROM'),
    )
    .map(({ rest }) => {
      const [name = '', value = ''] = rest.split('=');
      return [name, value];
    }),
);

const stages: Stage[] = [];
for (const { word, rest } of lines) {
  if (word === 'FROM') {
    const [from = '', , name = 'last'] = rest.split(' ');
    stages.push({ name, from: from.replace(/\$\{(\w+)\}/, (_, arg: string) => args[arg] ?? ''), instructions: [] });
  } else stages.at(-1)?.instructions.push({ word, rest });
}

const last = stages.at(-1) ?? { name: '', from: '', instructions: [] };
const all = (word: string, stage = last): string[] => stage.instructions.filter((one) => one.word === word).map(({ rest }) => rest);
const listed = (rest: string | undefined): string[] => JSON.parse(rest ?? 'null') as string[];
const packageJson = JSON.parse(read('package.json')) as { engines: { node: string }; bin: Record<string, string> };

describe('the image', () => {
  test('is made in stages, of which the last holds no tool', () => {
    expect(stages.map(({ name, from }) => `${name} from ${from}`)).toEqual([
      'sources from docker.io/library/node:22.23.3-bookworm-slim',
      'compiled from sources',
      'packages from sources',
      'last from gcr.io/distroless/nodejs22-debian12:nonroot',
    ]);
    expect(all('RUN')).toEqual([]);
  });

  test('has a Node that the product runs on: the one it is tested with, and in the last stage the same line of it', () => {
    const [, tested = ''] = /^node_release=(\S+)$/m.exec(read('scripts/setup')) ?? [];
    const [, least = ''] = /^>=(\d+)\.\d+$/.exec(packageJson.engines.node) ?? [];
    expect(args['BUILD']).toBe(`docker.io/library/node:${tested}-bookworm-slim`);
    expect(tested.split('.')[0]).toBe(least);
    expect(/nodejs(\d+)-/.exec(last.from)?.[1]).toBe(least);
  });

  test('runs as nobody in particular, by number, as the pods of deploy/ do', () => {
    expect(all('USER')).toEqual(['65532:65532']);
    const order = last.instructions.map(({ word }) => word);
    expect(order.indexOf('USER')).toBeGreaterThan(order.lastIndexOf('COPY'));
    for (const who of ['bot', 'worker']) expect(read(`deploy/base/${who}/deployment.yaml`)).toContain('runAsUser: 65532\n');
  });

  test('starts without a shell', () => {
    for (const word of ['ENTRYPOINT', 'CMD']) expect(listed(all(word)[0]).length).toBeGreaterThan(0);
    expect(listed(all('ENTRYPOINT')[0])).toEqual(['/nodejs/bin/node', packageJson.bin['dns-medic']?.replace('./', '/app/')]);
    for (const stage of stages) for (const run of all('RUN', stage)) expect(listed(run)[0]).toMatch(/^(npm|node)$/);
  });

  test('holds what runs, and nothing else', () => {
    expect(all('COPY')).toEqual([
      'package.json ./',
      '--from=packages /app/node_modules ./node_modules',
      '--from=compiled /app/dist ./dist',
    ]);
    expect(
      all(
        'RUN',
        stages.find(({ name }) => name === 'packages'),
      ),
    ).toEqual(['["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]']);
    expect(stages.flatMap((stage) => all('ADD', stage))).toEqual([]);
  });

  test('takes no secret in while it is made', () => {
    expect(Object.keys(args)).toEqual(['BUILD', 'FINAL']);
    expect(stages.flatMap((stage) => [...all('ARG', stage), ...all('ENV', stage)])).toEqual(['NODE_ENV=production HOME=/home/nonroot']);
    expect(read('deploy/Dockerfile')).not.toMatch(/\.npmrc|--mount=type=secret|_auth|token/i);
  });

  test('is made of the files that are named, whatever else lies in the tree', () => {
    const rules = readFileSync(new URL('../../.dockerignore', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    const letIn = rules.slice(1).map((rule) => rule.replace(/^!/, ''));
    expect(rules.slice(1).every((rule) => rule.startsWith('!'))).toBe(true);
    const copied = stages
      .flatMap((stage) => all('COPY', stage))
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(' ').slice(0, -1));
    expect([...new Set(copied)].toSorted()).toEqual(letIn.toSorted());
  });
});
