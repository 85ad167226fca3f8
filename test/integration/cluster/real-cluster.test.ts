import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { connect, type ConnectedCluster } from '../../../src/cluster/connect.ts';
import { sweep } from '../../../src/cluster/probe-sweep.ts';
import { createProbePods } from '../../../src/cluster/probes.ts';
import { checkRights } from '../../../src/cluster/rights.ts';
import type { ProbeSettings } from '../../../src/domain/settings.ts';

/** Needs the lab cluster (or one like it: `cart` with a shell in `shop`, the probe image on its nodes). */
const kubeconfig = process.env['E2E_KUBECONFIG'];
const onCluster = kubeconfig ? describe : describe.skip;
const settings: ProbeSettings = {
  namespace: 'dns-medic-test',
  image: process.env['E2E_PROBE_IMAGE'] ?? 'docker.io/nicolaka/netshoot:v0.14',
  pullSecret: null,
  tolerations: [],
  labels: {},
};
const runId = () => `test-${Math.random().toString(36).slice(2, 8)}`;

/** Prints how long a step took, so that a run of the tests is a measurement too. */
async function timed<T>(what: string, step: Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await step;
  } finally {
    process.stderr.write(`${what}: ${Math.round(performance.now() - start)} ms\n`);
  }
}

onCluster('on a real cluster (E2E_KUBECONFIG)', () => {
  let cluster: ConnectedCluster;
  let nobody: ConnectedCluster;
  let cart: string;
  let nodes: string[];
  const directory = mkdtempSync(join(tmpdir(), 'dns-medic-e2e-'));

  beforeAll(async () => {
    cluster = await timed('connect', connect({ kind: 'kubeconfig', file: kubeconfig!, context: null }, process.env));
    const impersonating = join(directory, 'nobody');
    const config = parse(readFileSync(kubeconfig!, 'utf8')) as { users: { user: Record<string, string> }[] };
    for (const { user } of config.users) user['as'] = 'nobody';
    writeFileSync(impersonating, JSON.stringify(config));
    nobody = await connect({ kind: 'kubeconfig', file: impersonating, context: null }, process.env);
    const pods = await timed('first list', cluster.list('/api/v1/namespaces/shop/pods', { labelSelector: 'app=cart' }));
    cart = pods.items[0]!['metadata'].name;
    nodes = (await cluster.list('/api/v1/nodes')).items.map((node) => node['metadata'].name as string);
  });
  afterAll(async () => {
    await cluster.delete(`/api/v1/namespaces/${settings.namespace}`).catch(() => undefined);
    await Promise.all([cluster.close(), nobody.close()]);
    rmSync(directory, { recursive: true });
  });

  test('get, list, text and logs', async () => {
    const pod = await timed('get', cluster.get(`/api/v1/namespaces/shop/pods/${cart}`));
    expect(pod).toMatchObject({ kind: 'Pod', metadata: { name: cart } });
    const page = await cluster.list('/api/v1/namespaces/kube-system/pods', { limit: 1 });
    expect(page).toMatchObject({ complete: false, items: [expect.anything()] });
    // Not CoreDNS: these tests may run while a fault is injected into it.
    const proxies = await cluster.list('/api/v1/namespaces/kube-system/pods', { labelSelector: 'k8s-app=kube-proxy' });
    const name: string = proxies.items[0]!['metadata'].name;
    const logs = await timed('logs', cluster.logs({ namespace: 'kube-system', pod: name, tailLines: 5, timestamps: true }));
    expect(logs.text).toMatch(/^\d{4}-\d\d-\d\dT/);
    const health = await timed('text through a proxy', cluster.text(`/api/v1/nodes/${nodes[0]}/proxy/healthz`));
    expect(health).toEqual({ text: 'ok', truncated: false });
  });

  test('exec', async () => {
    const target = { namespace: 'shop', pod: cart };
    const command = ['timeout', '-k', '1', '5', 'sh', '-c', 'echo out; echo err >&2; exit 3'];
    expect(await timed('exec', cluster.exec({ ...target, command }))).toEqual({
      text: 'out\n',
      stderr: 'err\n',
      exitCode: 3,
      truncated: false,
    });
    const missing = await cluster.exec({ ...target, command: ['no-such-program'] });
    expect(missing).toMatchObject({ exitCode: 127, stderr: 'no-such-program: not found in the container' });
    await expect(cluster.exec({ ...target, command: ['timeout', '3', 'sleep', '2'], timeoutMs: 300 })).rejects.toMatchObject({
      reason: 'timeout',
    });
    const long = await cluster.exec({ ...target, command: ['timeout', '2', 'yes'], maxBytes: 10_000 });
    expect(long).toMatchObject({ truncated: true, exitCode: null, text: expect.stringMatching(/^(?:y\n){5000}$/) });
  });

  test('a user without rights is told what to allow', async () => {
    await expect(nobody.list('/apis/apps/v1/namespaces/shop/deployments')).rejects.toMatchObject({
      reason: 'forbidden',
      message: 'user "nobody" may not list deployments of API group apps in namespace shop',
      allow: '- {apiGroups: ["apps"], resources: [deployments], verbs: [list]}',
    });
    await expect(nobody.exec({ namespace: 'shop', pod: cart, command: ['id'] })).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringContaining('pods/exec of the core API group in namespace shop'),
      allow: '- {apiGroups: [""], resources: [pods/exec], verbs: [get, create]}',
    });
    const permissions = [{ group: '', resource: 'pods/log', verb: 'get', scope: 'dns' }] as const;
    const namespaces = { system: 'kube-system', dns: 'kube-system', probe: settings.namespace, capture: null, pod: null };
    expect((await checkRights(nobody, permissions, namespaces)).map(({ allowed }) => allowed)).toEqual([false]);
    expect((await timed('rights', checkRights(cluster, permissions, namespaces))).map(({ allowed }) => allowed)).toEqual([true]);
    await expect(
      createProbePods(nobody, settings, { id: runId(), deadlineSeconds: 60 }).start({
        node: nodes[0]!,
        dnsPolicy: 'Default',
        role: 'probe',
      }),
    ).rejects.toMatchObject({
      reason: 'forbidden',
      allow: expect.stringContaining('verbs: [create]'),
    });
  });

  test('probe pods start, run, and are gone after close', async () => {
    const id = runId();
    const probes = createProbePods(cluster, settings, { id, deadlineSeconds: 60 });
    const before = cluster.cost().apiRequests;
    const specs = nodes.flatMap((node) =>
      (['ClusterFirst', 'Default'] as const).map((dnsPolicy) => ({ node, dnsPolicy, role: 'probe' as const })),
    );
    const pods = await timed(`start of ${specs.length} probe pods`, Promise.all(specs.map((spec) => probes.start(spec))));
    process.stderr.write(`requests for them: ${cluster.cost().apiRequests - before}\n`);
    const script = 'id -u; touch /tmp/x && grep -c nameserver /etc/resolv.conf; dig -v 2>&1';
    const ran = await timed('script in a probe pod', pods[0]!.run(script));
    expect(ran).toMatchObject({ exitCode: 0, text: expect.stringMatching(/^65534\n\d\nDiG \d/) });
    expect((await pods[0]!.run('sleep 60', { timeoutMs: 2_500 })).exitCode).toBe(143);
    await timed('close of the probe pods', probes.close());
    const left = await cluster.list(`/api/v1/namespaces/${settings.namespace}/pods`, { labelSelector: `dns-medic/run=${id}` });
    expect(left.items.filter((pod) => pod['metadata'].deletionTimestamp === undefined)).toEqual([]);
  });

  test('a probe pod that cannot start says why, early', async () => {
    const run = { id: runId(), deadlineSeconds: 60 };
    const spec = { node: nodes[0]!, dnsPolicy: 'ClusterFirst', role: 'probe' } as const;
    const noImage = createProbePods(cluster, { ...settings, image: 'registry.invalid/none:1' }, run);
    await expect(timed('missing image', noImage.start(spec))).rejects.toMatchObject({
      message: expect.stringContaining('the probe image registry.invalid/none:1 cannot be pulled'),
    });
    const noNode = createProbePods(cluster, settings, run);
    await expect(timed('missing node', noNode.start({ ...spec, node: 'no-such-node' }))).rejects.toMatchObject({
      reason: 'missing',
      message: 'there is no node no-such-node',
    });
    const onHost = createProbePods(cluster, settings, run);
    await expect(onHost.start({ ...spec, hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' })).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringContaining('enforce=privileged'),
    });
    await Promise.all([noImage.close(), noNode.close(), onHost.close()]);
  });

  test('an ephemeral container runs scripts in a pod without a shell, and is used again', async () => {
    // A pod of its own: an ephemeral container stays in its pod for ever.
    const target = { namespace: settings.namespace, pod: `bare-${runId()}` };
    const container = { name: 'bare', image: 'docker.io/lab/distroless:1', imagePullPolicy: 'IfNotPresent' };
    await cluster.create(`/api/v1/namespaces/${target.namespace}/pods`, {
      metadata: { name: target.pod },
      spec: { nodeName: nodes[0], terminationGracePeriodSeconds: 0, containers: [container] },
    });
    for (const again of ['first', 'again']) {
      const probes = createProbePods(cluster, settings, { id: runId(), deadlineSeconds: 120 });
      const pod = await timed(`ephemeral container, ${again}`, probes.ephemeral(target.namespace, target.pod));
      expect(await pod.run('cat /etc/resolv.conf')).toMatchObject({ exitCode: 0, text: expect.stringContaining('nameserver') });
      await probes.close();
    }
    const pod = await cluster.get(`/api/v1/namespaces/${target.namespace}/pods/${target.pod}`);
    expect(pod['spec'].ephemeralContainers).toHaveLength(1);
    await cluster.delete(`/api/v1/namespaces/${target.namespace}/pods/${target.pod}`, { gracePeriodSeconds: '0' });
  });

  test('a sweep removes what a dead run left', async () => {
    const id = runId();
    const pod = await createProbePods(cluster, settings, { id, deadlineSeconds: 60 }).start({
      node: nodes[0]!,
      dnsPolicy: 'Default',
      role: 'probe',
    });
    expect(await sweep(cluster, settings, { olderThanSeconds: 3_600, finishedRuns: [] })).not.toContain(pod.name);
    expect(await timed('sweep', sweep(cluster, settings, { olderThanSeconds: 3_600, finishedRuns: [id] }))).toContain(pod.name);
  });
});
