import { describe, expect, test } from '@jest/globals';
import { DEFAULTS, type Config } from '../../src/config/load.ts';
import { resolveCluster } from '../../src/config/resolve.ts';

const settings = { ...DEFAULTS, names: ['a.example'] };
const a = { name: 'cluster-a', access: { kind: 'kubeconfig', file: '/k/a', context: 'ctx-a' }, settings } as const;
const b = { name: 'cluster-b', access: { kind: 'inCluster' }, settings } as const;
const config = (...clusters: Config['clusters']): Config => ({ file: 'dns-medic.yaml', clusters, defaults: DEFAULTS, policy: null });
const none: Config = { file: null, clusters: [], defaults: DEFAULTS, policy: null };
const kubeconfig = (file: string | null, context: string | null): object => ({ kind: 'kubeconfig', file, context });

describe('with a file', () => {
  test('a name is a cluster of the file', () => {
    expect(resolveCluster(config(a, b), { cluster: 'cluster-a' })).toEqual(a);
    expect(resolveCluster(config(a, b), { cluster: 'cluster-b' })).toEqual(b);
  });

  test('no name is the only cluster', () => {
    expect(resolveCluster(config(a), {})).toEqual(a);
  });

  test('no name is a question when there are several', () => {
    expect(() => resolveCluster(config(a, b), {})).toThrow('which cluster? dns-medic.yaml has cluster-a, cluster-b');
  });

  test('an unknown name is refused, with the nearest and all that are known', () => {
    expect(() => resolveCluster(config(a), { cluster: 'clustr-a' })).toThrow(
      'clustr-a: no such cluster in dns-medic.yaml: did you mean "cluster-a"? (known: cluster-a)',
    );
    expect(() => resolveCluster(config(a), { cluster: 'production' })).toThrow(
      'production: no such cluster in dns-medic.yaml (known: cluster-a)',
    );
    expect(() => resolveCluster(config(a), { cluster: 'constructor', context: 'x' })).toThrow('constructor: no such cluster');
  });

  test('--kubeconfig and --context go before what the file says, and its settings stay', () => {
    expect(resolveCluster(config(a), { cluster: 'cluster-a', kubeconfig: '/k/x' })).toEqual({ ...a, access: kubeconfig('/k/x', 'ctx-a') });
    expect(resolveCluster(config(a), { cluster: 'cluster-a', context: 'y' })).toEqual({ ...a, access: kubeconfig('/k/a', 'y') });
    expect(resolveCluster(config(b), { cluster: 'cluster-b', kubeconfig: '/k/x' })).toEqual({ ...b, access: kubeconfig('/k/x', null) });
  });

  test('--kubeconfig without a name, or with one that the file does not know, leaves the clusters of the file alone', () => {
    const direct = resolveCluster(config(a), { kubeconfig: '/k/x' });
    expect(direct).toEqual({ name: 'current-context', access: kubeconfig('/k/x', null), settings: DEFAULTS });
    const named = resolveCluster(config(a), { cluster: 'other', kubeconfig: '/k/x' });
    expect(named).toEqual({ name: 'other', access: kubeconfig('/k/x', 'other'), settings: DEFAULTS });
  });

  test('a file that names no cluster still gives its settings to any', () => {
    const defaults = { ...DEFAULTS, names: ['top.example'] };
    expect(resolveCluster({ ...config(), defaults }, { cluster: 'x' })).toEqual({
      name: 'x',
      access: kubeconfig(null, 'x'),
      settings: defaults,
    });
  });
});

describe('without a file', () => {
  test.each([
    ['nothing is the current context', {}, 'current-context', kubeconfig(null, null)],
    ['a name is a context', { cluster: 'x' }, 'x', kubeconfig(null, 'x')],
    ['a name is a context of the kubeconfig', { cluster: 'x', kubeconfig: '/k/x' }, 'x', kubeconfig('/k/x', 'x')],
    ['a context names the cluster', { context: 'y' }, 'y', kubeconfig(null, 'y')],
    ['a name beside a context is only a name', { cluster: 'x', context: 'y' }, 'x', kubeconfig(null, 'y')],
  ])('%s', (_what, wanted, name, access) => {
    expect(resolveCluster(none, wanted)).toEqual({ name, access, settings: DEFAULTS });
  });
});
