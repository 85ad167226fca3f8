import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { Json } from '../../src/cluster/port.ts';
import { corednsNeeds } from '../../src/collect/rbac-needs.ts';
import { rbac } from '../../src/collect/rbac.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { context, fakePort, type Answers } from './fake-port.ts';
import { fixture, ok } from './fixture.ts';
import { corefileWith, workload } from './readings.ts';

const base = '/apis/rbac.authorization.k8s.io/v1';
const daemonSet = {
  namespace: 'kube-system',
  name: 'kube-proxy',
  desired: 1,
  ready: 1,
  image: '',
  configMap: null,
  serviceAccount: 'kube-proxy',
};
const have = {
  'coredns-workload': ok('coredns-workload', workload()),
  'kube-proxy': ok('kube-proxy', { daemonSet, pods: [], complete: true }),
};
const recorded: Answers = {
  [`${base}/clusterrolebindings`]: fixture('clusterrolebindings.json'),
  [`${base}/clusterroles`]: fixture('clusterroles.json'),
};
const forbidden = () => {
  throw new Failure('forbidden', 'no reviews');
};

/** `review` answers for the user and the resource, as the API server would. */
const collect = async (answers: Answers, review: (user: string, what: Json) => unknown, readings: any = have) => {
  const port = fakePort(answers);
  const asked: string[] = [];
  port.create = async (path, body) => {
    asked.push(path);
    return { status: { allowed: review(body['spec'].user, body['spec'].resourceAttributes) } };
  };
  const data = schemas.rbac.parse(await rbac.collect(context(port, { have: readings })));
  return { subjects: data.subjects, requests: port.requests, asked };
};
const but = (resource: string) => (role: any) => ({
  ...role,
  rules: role.rules.map((rule: any) => ({ ...rule, resources: (rule.resources ?? []).filter((one: string) => one !== resource) })),
});

describe('rbac by reviews', () => {
  test('a healthy cluster costs reviews and nothing else', async () => {
    const { subjects, requests, asked } = await collect(recorded, () => true);
    expect(subjects.map(({ component, method, missing }) => [component, method, missing])).toEqual([
      ['coredns', 'subject-access-review', []],
      ['kube-proxy', 'subject-access-review', []],
    ]);
    expect(requests).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(['/apis/authorization.k8s.io/v1/subjectaccessreviews']));
    expect(asked).toHaveLength(13);
  });

  test('what is denied is missing, and the bindings say why', async () => {
    const { subjects } = await collect(recorded, (user, { resource }) => !(user.endsWith(':coredns') && resource === 'endpointslices'));
    expect(subjects[0]?.missing.map(({ resource, verb }) => `${verb} ${resource}`)).toEqual([
      'list endpointslices',
      'watch endpointslices',
    ]);
    expect(subjects[0]?.bindings).toEqual([{ name: 'system:coredns', role: 'system:coredns', roleExists: true }]);
    expect(subjects[1]?.missing).toEqual([]);
  });

  test('bindings that cannot be read do not hide what is missing', async () => {
    const answers = { [`${base}/clusterrolebindings`]: new Failure('forbidden', 'no') };
    const { subjects } = await collect(answers, () => false);
    expect(subjects[0]).toMatchObject({ bindings: [], missing: { length: 6 } });
  });

  test('an answer that is none is an error, not a missing right', async () => {
    await expect(collect(recorded, () => undefined)).rejects.toMatchObject({ reason: 'error' });
  });
});

describe('rbac by roles, where reviews are forbidden', () => {
  test('recorded roles grant all that is needed', async () => {
    const { subjects } = await collect(recorded, forbidden);
    expect(subjects.map(({ method, missing }) => [method, missing])).toEqual([
      ['roles', []],
      ['roles', []],
    ]);
  });

  test('a rule that lacks endpointslices leaves them missing', async () => {
    const roles = fixture('clusterroles.json').map(but('endpointslices'));
    const { subjects } = await collect({ ...recorded, [`${base}/clusterroles`]: roles }, forbidden);
    expect(subjects.map(({ missing }) => missing.map(({ resource }) => resource))).toEqual([
      ['endpointslices', 'endpointslices'],
      ['endpointslices', 'endpointslices'],
    ]);
  });

  test('a binding to a role that is gone grants nothing, and says so', async () => {
    const { subjects } = await collect({ ...recorded, [`${base}/clusterroles`]: [] }, forbidden);
    expect(subjects[0]?.bindings).toEqual([{ name: 'system:coredns', role: 'system:coredns', roleExists: false }]);
    expect(subjects[0]?.missing).toHaveLength(6);
  });

  test('wildcards grant, resourceNames do not', async () => {
    const role = (rule: object) => ({
      ...recorded,
      [`${base}/clusterroles`]: ['system:coredns', 'system:node-proxier'].map((name) => ({ metadata: { name }, rules: [rule, null, 'x'] })),
    });
    const all = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
    expect((await collect(role(all), forbidden)).subjects.map(({ missing }) => missing.length)).toEqual([0, 0]);
    expect((await collect(role({ ...all, resourceNames: ['x'] }), forbidden)).subjects[0]?.missing).toHaveLength(6);
  });

  test('rights of all service accounts count', async () => {
    const binding = {
      metadata: { name: 'all' },
      roleRef: { name: 'everything' },
      subjects: [{ kind: 'Group', name: 'system:serviceaccounts' }],
    };
    const role = { metadata: { name: 'everything' }, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] };
    const { subjects } = await collect({ [`${base}/clusterrolebindings`]: [binding], [`${base}/clusterroles`]: [role] }, forbidden);
    expect(subjects.map(({ missing, bindings }) => [missing.length, bindings])).toEqual([
      [0, []],
      [0, []],
    ]);
  });

  test('when that is forbidden too, or not all bindings were read, nothing is called missing', async () => {
    const answers = { [`${base}/clusterrolebindings`]: new Failure('forbidden', 'no') };
    await expect(collect(answers, forbidden)).rejects.toMatchObject({ reason: 'forbidden' });
    const many = { [`${base}/clusterrolebindings`]: Array.from({ length: 600 }, (_, i) => ({ metadata: { name: `b${i}` } })) };
    await expect(collect(many, forbidden)).rejects.toMatchObject({ reason: 'error' });
  });
});

describe('whose rights are asked for', () => {
  test('a kube-proxy without a service account of its own is not judged', async () => {
    const proxy = ok('kube-proxy', { daemonSet: { ...daemonSet, serviceAccount: 'default' }, pods: [], complete: true });
    const { subjects } = await collect(recorded, () => true, { ...have, 'kube-proxy': proxy });
    expect(subjects.map(({ component }) => component)).toEqual(['coredns']);
  });

  test('with nobody to ask for, the fact is missing', async () => {
    await expect(collect(recorded, () => true, {})).rejects.toMatchObject({ reason: 'missing' });
  });

  const needs = (version: string | null, directives: Parameters<typeof corefileWith>[0] = [{ name: 'kubernetes' }]) =>
    corednsNeeds({ version }, corefileWith(directives))
      ?.filter(({ verb }) => verb === 'list')
      .map(({ resource }) => resource) ?? null;

  test('CoreDNS needs Endpoints before 1.8.3 and EndpointSlices from then on', () => {
    expect(needs('1.8.0')).toEqual(['services', 'namespaces', 'endpoints']);
    expect(needs('1.8.3')).toEqual(['services', 'namespaces', 'endpointslices']);
    expect(needs(null)).toEqual(['services', 'namespaces', 'endpointslices']);
  });

  test('pods are needed only to verify them, or for autopath', () => {
    const verified = { name: 'kubernetes', options: [{ name: 'pods', args: ['verified'], line: 2 }] };
    expect(needs('1.12.4', [verified])).toContain('pods');
    expect(needs('1.12.4', [{ name: 'kubernetes' }, { name: 'autopath', args: ['@kubernetes'] }])).toContain('pods');
    expect(needs('1.12.4')).not.toContain('pods');
  });

  test('a CoreDNS with a kubeconfig of its own, or without the plugin, needs nothing of its service account', () => {
    expect(needs('1.12.4', [{ name: 'kubernetes', options: [{ name: 'kubeconfig', args: ['/k'], line: 2 }] }])).toBeNull();
    expect(needs('1.12.4', [{ name: 'forward' }])).toBeNull();
  });
});
