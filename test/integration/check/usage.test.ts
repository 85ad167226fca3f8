import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { kubeconfig, onCluster } from './lab/cluster.ts';
import { kubeconfigText } from './lab/kubeconfigs.ts';
import { check, medic, reported } from './lab/medic.ts';

const directory = mkdtempSync(join(tmpdir(), 'dns-medic-usage-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, content: string): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

const good = file('good', kubeconfigText({ server: 'https://127.0.0.1:1' }));
mkdirSync(join(directory, 'folder'));
file('dns-medic.yaml', `clusters:\n  cluster-a: {kubeconfig: ./good, context: lab}\n  cluster-b: {kubeconfig: ./good, context: lab}\n`);
file('wrong.yaml', 'clusters:\n  a: {kubeconfig: ./good}\nprobe: {image: "two words"}\n');

describe('wrong usage ends with 64, says what is wrong, and prints no report', () => {
  test.each([
    ['a kubeconfig that is not there', ['--kubeconfig', join(directory, 'absent')], /absent.*(cannot be read|no such file|not there)/i],
    ['a kubeconfig that is a directory', ['--kubeconfig', join(directory, 'folder')], /folder/],
    ['an empty kubeconfig', ['--kubeconfig', file('empty', '')], /empty/],
    ['a kubeconfig that is a picture', ['--kubeconfig', file('picture', '\u0089PNG\r\n\u001a\n\u0000\u0000')], /picture/],
    ['a kubeconfig that is YAML of something else', ['--kubeconfig', file('other.yaml', 'apiVersion: v1\nkind: Pod\n')], /other\.yaml/],
    ['a kubeconfig that is YAML with a mistake', ['--kubeconfig', file('broken.yaml', 'clusters: [\n')], /broken\.yaml/],
    ['a context that is not there', ['--kubeconfig', good, '--context', 'prod'], /no context "prod".*it has lab/],
    [
      'a cluster that is not configured',
      ['--config', join(directory, 'dns-medic.yaml'), 'cluster-aa'],
      /cluster-aa: no such cluster.*did you mean.*cluster-a/,
    ],
    ['several clusters and none named', ['--config', join(directory, 'dns-medic.yaml')], /which cluster\?.*cluster-a, cluster-b/],
    ['a configuration with a mistake', ['--config', join(directory, 'wrong.yaml'), 'a'], /wrong\.yaml.*image.*two words/s],
    ['a configuration that is not there', ['--config', join(directory, 'absent.yaml')], /absent\.yaml: cannot be read/],
    ['a pod without a namespace', ['--pod', 'cart'], /NAMESPACE\/POD/],
    ['a pod with odd characters', ['--pod', 'shop/../../secrets'], /NAMESPACE\/POD/],
    ['a node with odd characters', ['--node', 'a b'], /name of a node/],
    ['a name that is none', ['--name', 'http://example.com/'], /host name/],
    ['a name that would be an option of dig', ['--name', '+trace'], /host name/],
    ['a timeout that is no number', ['--timeout', 'soon'], /seconds from 5 to 600/],
    [
      'a file to save to that cannot be written',
      ['cluster-a', '--save', '/nowhere/run.json'],
      /--save: \/nowhere\/run\.json cannot be written/,
    ],
    ['a timeout that is too short', ['--timeout', '1'], /seconds from 5 to 600/],
    ['an unknown option', ['--fast'], /unknown option '--fast'/],
    ['too many arguments', ['a', 'b'], /too many arguments|expected 1 argument/],
  ])('%s', async (_, args, message) => {
    const ran = await medic(['check', '--json', ...args], { cwd: directory, env: { KUBECONFIG: good } });
    expect(ran).toMatchObject({ status: 64, stdout: '' });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n {4}at /);
  });
});

onCluster('what is asked about is not there', () => {
  test.each([
    ['a pod', ['--pod', 'shop/crat'], /no pod or workload shop\/crat: did you mean .*cart/],
    ['a namespace', ['--pod', 'shopp/cart'], /namespace shopp.*not there/],
  ])('%s: 64, with what may have been meant', async (_, args, message) => {
    const ran = await check(kubeconfig, ['--no-probe-pods', ...args]);
    expect(ran).toMatchObject({ status: 64, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });

  test('a node: 64, with the nodes that there are', async () => {
    const ran = await check(kubeconfig, ['--no-probe-pods', '--node', 'ip-172-30-0-99.eu-west-1.compute.internal']);
    expect(ran).toMatchObject({ status: 64, stdout: '' });
    expect(ran.stderr).toMatch(/no node ip-172-30-0-99\.eu-west-1\.compute\.internal/);
    expect(ran.stderr).toMatch(/did you mean ip-172-30-0-1/);
  });

  test('without probe pods and without a pod nothing can be asked: unknown, and it says so', async () => {
    const { verdict } = reported(await check(kubeconfig, ['--no-probe-pods']));
    expect(verdict).toMatchObject({ status: 'unknown' });
    expect(verdict.sentence).toMatch(/probe pods were not wanted/);
  });
});
