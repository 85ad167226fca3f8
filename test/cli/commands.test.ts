import { rmSync } from 'node:fs';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { checks } from '../../src/checks/registry.ts';
import { Report } from '../../src/domain/report.ts';
import { healthyFacts, lookupsWhere, lost, now } from '../checks/evidence.ts';
import { directory, file, medic } from './run.ts';

// every test starts processes, on a machine that may have more to do
jest.setTimeout(60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const kubeconfig = (server: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'dead',
    clusters: [{ name: 'dead', cluster: { server } }],
    contexts: [{ name: 'dead', context: { cluster: 'dead', user: '' } }],
  });

const request = {
  cluster: 'cluster-a',
  pod: null,
  node: null,
  names: [],
  quick: false,
  probePods: true,
  ephemeral: false,
  timeoutMs: 90_000,
};
const bundle = (facts: Partial<ReturnType<typeof healthyFacts>>): string =>
  JSON.stringify({
    schema: 'dns-medic/bundle/v1',
    run: { id: '0a1b2c', cluster: 'cluster-a', startedAt: new Date(now).toISOString(), durationMs: 1000, request },
    readings: Object.fromEntries(Object.entries(facts).map(([id, data]) => [id, { id, status: 'ok', data, durationMs: 1 }])),
    cost: { apiRequests: 1, bytes: 1 },
  });

describe('checks and explain', () => {
  test('checks lists every check', async () => {
    const { status, stdout } = await medic(['checks']);
    expect(status).toBe(0);
    for (const { id } of checks) expect(stdout).toContain(id);
  });

  test('checks --json is one document', async () => {
    const { stdout } = await medic(['checks', '--json']);
    const listed = JSON.parse(stdout) as { id: string; requires: string[] }[];
    expect(listed.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
  });

  test('explain says what a code means', async () => {
    const { status, stdout } = await medic(['explain', 'corefile-forward-unreachable']);
    expect(status).toBe(0);
    expect(stdout).toContain('Why it matters');
    expect(stdout).toContain('https://');
  });

  test.each([
    ['corefile-forward-unreachabel', 'did you mean corefile-forward-unreachable'],
    ['forward', 'did you mean corefile-forward-unreachable, corefile-no-forward'],
    ['qqq', 'dns-medic checks lists them'],
  ])('explain %s helps on', async (code, hint) => {
    const { status, stdout, stderr } = await medic(['explain', code]);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(hint);
  });
});

describe('judge', () => {
  test('a healthy cluster ends with 0', async () => {
    const { status, stdout } = await medic(['judge', file('healthy.json', bundle(healthyFacts()))]);
    expect(stdout.split('\n')[0]).toBe('HEALTHY  cluster-a');
    expect(status).toBe(0);
  });

  test('a broken one ends with 1, in words and as JSON', async () => {
    const path = file('broken.json', bundle(healthyFacts({ lookups: lookupsWhere(() => lost('timeout')) })));
    const [words, json] = await Promise.all([medic(['judge', path]), medic(['judge', path, '--json'])]);
    expect(words.status).toBe(1);
    expect(words.stdout).not.toContain('\u001b');
    expect(json.status).toBe(1);
    const report = Report.parse(JSON.parse(json.stdout));
    expect(words.stdout).toContain(report.verdict.cause);
  });

  test('colours only where they are forced or there is a terminal', async () => {
    const path = file('colours.json', bundle(healthyFacts()));
    const [forced, both] = await Promise.all([
      medic(['judge', path], { FORCE_COLOR: '1' }),
      medic(['judge', path], { FORCE_COLOR: '1', NO_COLOR: '1' }),
    ]);
    expect(forced.stdout).toContain('\u001b[');
    expect(both.stdout).not.toContain('\u001b');
  });

  test('too little to judge ends with 2', async () => {
    const { status, stdout } = await medic(['judge', file('empty.json', bundle({}))]);
    expect(stdout.split('\n')[0]).toBe('UNKNOWN  cluster-a');
    expect(status).toBe(2);
  });

  test.each([
    ['a file that is not there', () => 'nowhere.json', 'no such file'],
    ['a text', () => file('text.json', 'hello'), 'not JSON'],
    ['another JSON', () => file('other.json', '{"schema": "x"}'), 'not a bundle of dns-medic'],
  ])('%s is no bundle', async (_what, path, said) => {
    const { status, stderr } = await medic(['judge', path()]);
    expect(status).toBe(64);
    expect(stderr).toContain(said);
  });
});

describe('wrong usage ends with 64 and says what is right', () => {
  test.each([
    ['no such command', ['chekc'], 'unknown command'],
    ['no such option', ['check', '--pods', 'a/b'], 'unknown option'],
    ['a pod without its namespace', ['check', '--pod', 'cart'], 'expected NAMESPACE/POD'],
    ['a name that is none', ['check', '--name', 'a b'], 'expected a host name'],
    ['a timeout out of bounds', ['check', '--timeout', '0'], 'expected seconds from 5 to 600'],
    ['a kubeconfig that is not there', ['check', '--kubeconfig', 'nowhere'], 'is not there'],
    ['a kubeconfig that is not one', ['check', '--kubeconfig', file('not-one.yaml', 'hello')], 'is not a kubeconfig'],
    [
      'a context that is not in it',
      ['check', '--kubeconfig', file('some.yaml', kubeconfig('http://127.0.0.1:1')), '--context', 'prod'],
      'no context "prod"',
    ],
    ['settings that are wrong', ['check', '--config', file('wrong.yaml', 'probe: {imagee: x}')], 'did you mean "image"'],
    ['no cluster at all', ['check'], 'no cluster is configured'],
    ['too many arguments', ['explain', 'a', 'b'], 'too many arguments'],
    ['no such remedy', ['remedy', 'scale-cordns', 'a'], 'there is no remedy "scale-cordns"'],
    ['a parameter that is none', ['remedy', 'scale-coredns', 'a', '--param', 'replicas'], 'expected KEY=VALUE'],
    ['no such order', ['undo', '0123456789'], 'no order 0123456789 was made on this machine'],
    ['no order', ['undo', 'scale-coredns'], 'expected its first ten digits'],
  ])('%s', async (_what, args, said) => {
    const { status, stdout, stderr } = await medic(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(said);
  });

  test('help is no mistake', async () => {
    const { status, stdout } = await medic(['--help']);
    expect(status).toBe(0);
    for (const command of ['check', 'judge', 'analyze', 'doctor', 'explain', 'checks', 'remedies', 'remedy', 'undo', 'audit', 'sweep'])
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });
});

describe('an API server that cannot be reached', () => {
  const dead = (): string => file('dead.yaml', kubeconfig('http://127.0.0.1:1'));

  test('is said within ten seconds, and is no verdict', async () => {
    const [words, json] = await Promise.all([medic(['check', '--kubeconfig', dead()]), medic(['check', '--kubeconfig', dead(), '--json'])]);
    expect(words.status).toBe(2);
    expect(words.ms).toBeLessThan(10_000);
    expect(words.stdout).toContain('UNKNOWN  dead');
    expect(words.stdout).toContain('ECONNREFUSED');
    expect(words.stderr).toContain('✗ Reading the nodes');
    expect(Report.parse(JSON.parse(json.stdout)).verdict.status).toBe('unknown');
    expect(json).toMatchObject({ status: 2, stderr: '' });
  });

  test.each(['doctor', 'sweep'])('ends %s with 2 too', async (command) => {
    const { status, stderr } = await medic([command, '--kubeconfig', dead()]);
    expect(status).toBe(2);
    expect(stderr).toContain('ECONNREFUSED');
  });
});
