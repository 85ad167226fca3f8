import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { Json } from '../../src/cluster/port.ts';
import { corednsWorkload } from '../../src/collect/coredns-workload.ts';
import { changed, collected, failed, recorded } from './collected.ts';
import { context, fakePort } from './fake-port.ts';

const path = '/apis/apps/v1/namespaces/kube-system/deployments';
const hpas = '/apis/autoscaling/v2/namespaces/kube-system/horizontalpodautoscalers';
const dns = { namespace: 'kube-system', service: null, selector: null };
const deployment = (change: (object: Json) => void): Json => changed(path, change);
const podSpec = (object: Json): Json => object['spec'].template.spec;

describe('coredns-workload', () => {
  test('reads the Deployment with the usual label', async () => {
    const port = fakePort(recorded);
    const data = await collected(corednsWorkload, context(port));
    expect(data).toEqual({
      kind: 'Deployment',
      namespace: 'kube-system',
      name: 'coredns',
      foundBy: 'label',
      desired: 2,
      ready: 2,
      updated: 2,
      createdAt: '2026-11-23T07:03:41Z',
      labels: { 'eks.amazonaws.com/component': 'coredns', 'k8s-app': 'kube-dns' },
      selector: { matchLabels: { 'eks.amazonaws.com/component': 'coredns', 'k8s-app': 'kube-dns' } },
      podLabels: { 'eks.amazonaws.com/component': 'coredns', 'k8s-app': 'kube-dns' },
      image: expect.stringMatching(/\/eks\/coredns:v1\.12\.4-eksbuild\.1$/),
      version: '1.12.4',
      containerPorts: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        { name: 'metrics', port: 9153, protocol: 'TCP' },
      ],
      readiness: { path: '/ready', port: 8181 },
      liveness: { path: '/health', port: 8080 },
      cpuLimitMillis: null,
      memoryLimitBytes: 170 * 1024 * 1024,
      serviceAccount: 'coredns',
      terminationGraceSeconds: 30,
      configMap: 'coredns',
      corefileKey: 'Corefile',
      nodeSelector: {},
      autoscaler: null,
      managedBy: null,
      condition: null,
    });
    expect(port.requests).toHaveLength(3);
  });

  test('looks for DaemonSets, then for the name, then for the label of the chart', async () => {
    const unlabelled = deployment((one) => (one['metadata'].labels = {}));
    const chart = deployment((one) => Object.assign(one['metadata'], { name: 'my-dns', labels: { 'app.kubernetes.io/name': 'coredns' } }));
    const daemonSet = deployment((one) => (one['status'] = { desiredNumberScheduled: 3, numberReady: 2, updatedNumberScheduled: 3 }));
    const found = async (answers: Record<string, Json[]>) => collected(corednsWorkload, context(fakePort(answers)));
    expect(await found({ [path]: [unlabelled, chart] })).toMatchObject({ name: 'coredns', foundBy: 'name' });
    expect(await found({ [path]: [chart] })).toMatchObject({ name: 'my-dns', foundBy: 'label' });
    expect(await found({ '/apis/apps/v1/namespaces/kube-system/daemonsets': [daemonSet] })).toMatchObject({
      kind: 'DaemonSet',
      desired: 3,
      ready: 2,
      updated: 3,
    });
  });

  test('takes the one that runs CoreDNS where several carry the label', async () => {
    const other = deployment((one) => {
      one['metadata'].name = 'aaa';
      podSpec(one)['containers'][0].name = 'autoscaler';
    });
    expect((await collected(corednsWorkload, context(fakePort({ [path]: [other, deployment(() => {})] })))).name).toBe('coredns');
  });

  test('follows the selector of the Service at last', async () => {
    const odd = deployment((one) => {
      Object.assign(one['metadata'], { name: 'cluster-dns', labels: {} });
      one['spec'].template.metadata.labels = { 'k8s-app': 'kube-dns', more: 'x' };
    });
    const port = fakePort({ ...recorded, [path]: [odd] });
    expect(await collected(corednsWorkload, context(port))).toMatchObject({ name: 'cluster-dns', foundBy: 'nameserver' });
    const gone = await failed(corednsWorkload, context(fakePort({ ...recorded, [path]: [] })));
    expect(gone.reason).toBe('missing');
  });

  test('takes what the configured selector picks', async () => {
    const own = deployment((one) => {
      Object.assign(one['metadata'], { name: 'dns', namespace: 'infra' });
      one['spec'].template.metadata.labels = { app: 'dns' };
    });
    const port = fakePort({ ...recorded, '/apis/apps/v1/namespaces/infra/deployments': [own] });
    const at = (selector: string) => context(port, { settings: { dns: { ...dns, namespace: 'infra', selector } } });
    expect(await collected(corednsWorkload, at('app=dns'))).toMatchObject({ name: 'dns', foundBy: 'config' });
    expect((await failed(corednsWorkload, at('app=dsn'))).reason).toBe('missing');
    expect((await failed(corednsWorkload, at('((('))).reason).toBe('error');
  });

  test('says who scales it', async () => {
    const hpa = { metadata: { name: 'coredns' }, spec: { scaleTargetRef: { kind: 'Deployment', name: 'coredns' } } };
    const stranger = { metadata: { name: 'x' }, spec: { scaleTargetRef: { kind: 'Deployment', name: 'x' } } };
    const byHpa = fakePort({ ...recorded, [hpas]: [stranger, hpa] });
    expect((await collected(corednsWorkload, context(byHpa))).autoscaler).toBe('HorizontalPodAutoscaler/coredns');
    const container = { command: ['/cluster-proportional-autoscaler', '--namespace=kube-system', '--target=Deployment/coredns'] };
    const cpa = {
      metadata: { name: 'dns-autoscaler', labels: { 'k8s-app': 'dns-autoscaler' } },
      spec: { template: { spec: { containers: [container] } } },
    };
    const byCpa = fakePort({ [path]: [deployment(() => {}), cpa] });
    expect((await collected(corednsWorkload, context(byCpa))).autoscaler).toBe('Deployment/dns-autoscaler');
    const unknown = fakePort({ ...recorded, [hpas]: new Failure('forbidden', 'no') });
    expect((await collected(corednsWorkload, context(unknown))).autoscaler).toBeNull();
  });

  test.each<[string, (object: Json) => void, string | null]>([
    ['the manager of the EKS add-on', (one) => one['metadata'].managedFields.push({ manager: 'eks' }), 'eks-addon'],
    ['the label of Helm', (one) => (one['metadata'].labels['app.kubernetes.io/managed-by'] = 'Helm'), 'helm'],
    ['a mark of Argo CD', (one) => (one['metadata'].annotations['argocd.argoproj.io/tracking-id'] = 'x'), 'argocd'],
    ['a label of Flux', (one) => (one['metadata'].labels['kustomize.toolkit.fluxcd.io/name'] = 'x'), 'flux'],
    ['only the label of the add-on', () => {}, null],
  ])('knows by %s who manages it', async (_, change, expected) => {
    expect((await collected(corednsWorkload, context(fakePort({ [path]: [deployment(change)] })))).managedBy).toBe(expected);
  });

  test('follows -conf to the ConfigMap and its key', async () => {
    const projected = deployment((one) => {
      const spec = podSpec(one);
      spec['containers'][0].args = ['-conf=/etc/dns/base.conf'];
      spec['containers'][0].volumeMounts = [
        { name: 'tmp', mountPath: '/tmp' },
        { name: 'c', mountPath: '/etc/dns/' },
      ];
      spec['volumes'] = [
        { name: 'c', projected: { sources: [{ configMap: { name: 'dns', items: [{ key: 'main', path: 'base.conf' }] } }] } },
      ];
    });
    const file = deployment((one) => {
      const spec = podSpec(one);
      spec['containers'][0].volumeMounts = [{ name: 'c', mountPath: '/etc/coredns/Corefile', subPath: 'core' }];
      spec['volumes'] = [{ name: 'c', configMap: { name: 'dns' } }];
    });
    const secret = deployment((one) => (podSpec(one)['volumes'] = [{ name: 'config-volume', secret: { secretName: 's' } }]));
    const mount = async (one: Json) => {
      const { configMap, corefileKey } = await collected(corednsWorkload, context(fakePort({ [path]: [one] })));
      return [configMap, corefileKey];
    };
    expect(await mount(projected)).toEqual(['dns', 'main']);
    expect(await mount(file)).toEqual(['dns', 'core']);
    expect(await mount(secret)).toEqual([null, 'Corefile']);
  });

  test('gives a named probe port its number, and the condition that is bad', async () => {
    const bad = deployment((one) => {
      podSpec(one)['containers'][0].readinessProbe.httpGet.port = 'metrics';
      one['status'].conditions.unshift({ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'm' });
      one['status'].conditions.push({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'quota' });
    });
    const data = await collected(corednsWorkload, context(fakePort({ [path]: [bad] })));
    expect(data.readiness).toEqual({ path: '/ready', port: 9153 });
    expect(data.condition).toEqual({ type: 'ReplicaFailure', reason: 'FailedCreate', message: 'quota' });
  });
});
