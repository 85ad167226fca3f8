import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/base/failure.ts';
import { DEFAULTS, loadConfig } from '../../src/config/load.ts';

let root: string;
let here: { env: Record<string, string>; cwd: string };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dns-medic-config-'));
  here = { env: { HOME: join(root, 'home') }, cwd: join(root, 'work') };
  mkdirSync(here.cwd, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

const naming = (name: string): string => `names: [${name}]`;

describe('the file of settings', () => {
  test('need not be there', () => {
    expect(loadConfig(here)).toEqual({ file: null, clusters: [], defaults: DEFAULTS, policy: null });
  });

  test('is the one asked for, else the one of the environment, else the one here, else the one at home', () => {
    const used = (file?: string): string | undefined => loadConfig({ ...here, file }).defaults.names[0];
    write('home/.config/dns-medic/dns-medic.yaml', naming('home.example'));
    expect(used()).toBe('home.example');
    write('work/dns-medic.yaml', naming('here.example'));
    expect(used()).toBe('here.example');
    write('home/env.yaml', naming('env.example'));
    here.env['DNS_MEDIC_CONFIG'] = '~/env.yaml';
    expect(used()).toBe('env.example');
    write('work/asked.yaml', naming('asked.example'));
    expect(used('asked.yaml')).toBe('asked.example');
  });

  test('is no other than the one asked for', () => {
    write('work/dns-medic.yaml', naming('here.example'));
    expect(() => loadConfig({ ...here, file: 'gone.yaml' })).toThrow('gone.yaml: cannot be read (ENOENT); --config names it');
    here.env['DNS_MEDIC_CONFIG'] = '/gone.yaml';
    expect(() => loadConfig(here)).toThrow(UsageError);
    expect(() => loadConfig(here)).toThrow('/gone.yaml: cannot be read (ENOENT); DNS_MEDIC_CONFIG names it');
    here.env['DNS_MEDIC_CONFIG'] = '';
    expect(loadConfig(here).file).toBe('dns-medic.yaml');
  });

  test('is not skipped when it cannot be read', () => {
    mkdirSync(join(here.cwd, 'dns-medic.yaml'));
    expect(() => loadConfig(here)).toThrow('dns-medic.yaml: cannot be read (EISDIR)');
  });

  test('is named in full when it is elsewhere', () => {
    write('home/.config/dns-medic/dns-medic.yaml', 'x: 1');
    expect(() => loadConfig(here)).toThrow(`${root}/home/.config/dns-medic/dns-medic.yaml: x: unknown key`);
  });

  test('is refused when it is huge', () => {
    write('work/dns-medic.yaml', `# ${'x'.repeat(1024 * 1024)}`);
    expect(() => loadConfig(here)).toThrow(/^dns-medic\.yaml: 1048578 characters: expected at most 1048576$/);
  });
});

describe('the policy', () => {
  test('knows the environments, and the clusters in which nothing may be changed', () => {
    const clusters = '{a: {environment: production}, b: {readOnly: true}, c: {readOnly: false}, d: }';
    write('work/dns-medic.yaml', `clusters: ${clusters}\npolicy: {team: T1, rules: []}\n`);
    expect(loadConfig(here).policy).toEqual({ team: 'T1', rules: [], environments: { a: 'production' }, readOnly: ['b'] });
  });

  test('is none where the file has none, whatever it says of clusters', () => {
    write('work/dns-medic.yaml', 'clusters: {a: {readOnly: true}}');
    expect(loadConfig(here).policy).toBeNull();
  });
});

describe('a cluster of the file', () => {
  const clusterOf = (yaml: string): ReturnType<typeof loadConfig>['clusters'][number] | undefined => {
    write('work/etc/dns-medic.yaml', yaml);
    return loadConfig({ ...here, file: 'etc/dns-medic.yaml' }).clusters[0];
  };

  test('has the defaults', () => {
    expect(clusterOf('clusters: {a: {}}')?.settings).toEqual(DEFAULTS);
  });

  test('inherits key by key from the top of the file', () => {
    const settings = clusterOf(`
clusters:
  a: {dns: {service: coredns}, probe: {image: mirror/netshoot, labels: {app: x}, pullSecret: null}, names: [a.example]}
dns: {namespace: dns, service: other}
probe: {namespace: probes, image: top/netshoot, labels: {team: y}, pullSecret: registry}
capture: {namespace: packets}
names: [top.example]
`)?.settings;
    expect(settings).toEqual({
      dns: { namespace: 'dns', service: 'coredns', selector: null },
      probe: {
        namespace: 'probes',
        image: 'mirror/netshoot',
        pullSecret: null,
        tolerations: [{ operator: 'Exists' }],
        labels: { app: 'x' },
      },
      capture: { namespace: 'packets' },
      names: ['a.example'],
    });
  });

  test.each([
    ['is the context of its name when it says nothing', '{}', { file: null, context: 'a' }],
    ['is a context', '{context: b}', { file: null, context: 'b' }],
    ['is the current context of a file of its own', '{kubeconfig: /k/c}', { file: '/k/c', context: null }],
    ['is a context of a file of its own', '{kubeconfig: /k/c, context: b}', { file: '/k/c', context: 'b' }],
  ])('%s', (_what, entry, access) => {
    expect(clusterOf(`clusters: {a: ${entry}}`)?.access).toEqual({ kind: 'kubeconfig', ...access });
  });

  test('is reached from within', () => {
    expect(clusterOf('clusters: {a: {inCluster: true}}')?.access).toEqual({ kind: 'inCluster' });
  });

  test('takes paths from the directory of the file, and from home', () => {
    expect(clusterOf('clusters: {a: {kubeconfig: ../kube/a}}')?.access).toMatchObject({ file: join(root, 'work/kube/a') });
    expect(clusterOf('clusters: {a: {kubeconfig: ~/.kube/a}}')?.access).toMatchObject({ file: join(root, 'home/.kube/a') });
  });
});
