import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { ExecOptions, Json } from '../../src/cluster/port.ts';
import { createProbePods } from '../../src/cluster/probes.ts';
import { listOf } from './fake-port.ts';
import { probeCluster, ran, run, runningStatus, settings, spec } from './probe-cluster.ts';

describe('a probe pod', () => {
  test('runs scripts in its own container, wrapped in timeout a little below the deadline', async () => {
    const commands: ExecOptions[] = [];
    const port = probeCluster([{ phase: 'Pending' }, runningStatus], { exec: async (options) => (commands.push(options), ran) });
    const pod = await createProbePods(port, settings, run).start(spec);
    expect(pod).toMatchObject({ namespace: 'probes', name: 'pod-1', node: 'n1' });
    expect(await pod.run('dig x', { timeoutMs: 6_000, maxBytes: 5 })).toEqual(ran);
    await pod.run('true', { timeoutMs: 100 });
    expect(commands[0]).toEqual({
      namespace: 'probes',
      pod: 'pod-1',
      container: 'probe',
      timeoutMs: 6_000,
      maxBytes: 5,
      command: ['timeout', '-k', '1', '5', 'sh', '-c', 'dig x'],
    });
    expect(commands[1]?.command[3]).toBe('1');
  });

  test('is made as the settings say, without any right, and ends by itself', async () => {
    let made: Json = {};
    const port = probeCluster([runningStatus], {
      create: async (_path, body) => ((made = body), { metadata: { name: 'p' } }),
      list: async () => listOf([{ metadata: { name: 'p' }, status: runningStatus }]),
    });
    const dnsConfig = { nameservers: ['10.0.0.1'] };
    await createProbePods(port, settings, run).start({ ...spec, role: 'twin', dnsPolicy: 'None', dnsConfig, hostNetwork: true });
    expect(made['metadata']).toEqual({
      generateName: 'dns-medic-probe-',
      labels: { team: 'a', 'app.kubernetes.io/managed-by': 'dns-medic', 'dns-medic/run': 'run1', 'dns-medic/role': 'twin' },
    });
    expect(made['spec']).toMatchObject({
      nodeName: 'n1',
      dnsPolicy: 'None',
      dnsConfig,
      hostNetwork: true,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      activeDeadlineSeconds: 120,
      imagePullSecrets: [{ name: 'pull' }],
      tolerations: [{ operator: 'Exists' }],
      containers: [
        { image: 'tools:1', securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } },
      ],
    });
  });

  test('is shared by equal specs, and looked at together with the others', async () => {
    const port = probeCluster([{ phase: 'Pending' }, { phase: 'Pending' }, runningStatus]);
    const probes = createProbePods(port, settings, run);
    const pods = await Promise.all([probes.start(spec), probes.start({ ...spec }), probes.start({ ...spec, node: 'n2' })]);
    expect(pods.map(({ name }) => name)).toEqual(['pod-1', 'pod-1', 'pod-2']);
    expect(port.calls.filter((call) => call.startsWith('create'))).toHaveLength(2);
    expect(port.calls.filter((call) => call.startsWith('list'))).toHaveLength(2 + 3);
  });

  test('is not started where a resident one has the same DNS settings', async () => {
    const resident = {
      metadata: { name: 'resident-1' },
      spec: { dnsPolicy: 'ClusterFirst', containers: [{ name: 'tools' }] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    const port = probeCluster([runningStatus], {
      list: async (_path, options) => (expect(options?.fieldSelector).toContain('spec.nodeName=n1'), listOf([resident])),
    });
    const probes = createProbePods(port, settings, run);
    expect((await probes.start(spec)).name).toBe('resident-1');
    await probes.close();
    expect(port.calls.filter((call) => /create|delete/.test(call))).toEqual([]);
  });

  test('waits for nobody who has stopped, and goes on for the others', async () => {
    const port = probeCluster([{ phase: 'Pending' }, { phase: 'Pending' }, runningStatus]);
    const probes = createProbePods(port, settings, run);
    const stopped = probes.start(spec, { signal: AbortSignal.timeout(20) });
    const other = probes.start(spec);
    await expect(stopped).rejects.toMatchObject({ reason: 'timeout' });
    expect((await other).name).toBe('pod-1');
  });
});

describe('the namespace of the probe pods', () => {
  const missing = new Failure('missing', 'namespaces "probes" not found');
  /** Refuses the first pod for want of a namespace, the second for want of a service account. */
  const fresh = (namespace: () => Promise<Json>) => {
    const refusals = [
      missing,
      new Failure(
        'forbidden',
        'pods "x" is forbidden: error looking up service account probes/default: serviceaccount "default" not found',
      ),
    ];
    const port = probeCluster([runningStatus]);
    const create = port.create.bind(port);
    port.create = async (path, body) => {
      if (path === '/api/v1/namespaces') return namespace();
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return create(path, body);
    };
    return port;
  };

  test('is made where it is missing, and its service account waited for', async () => {
    let made = 0;
    expect(
      (
        await createProbePods(
          fresh(async () => ((made += 1), {})),
          settings,
          run,
        ).start(spec)
      ).name,
    ).toBe('pod-1');
    expect(made).toBe(1);
  });

  test('may have been made by someone else at the same moment', async () => {
    const port = fresh(() => Promise.reject(new Failure('error', 'the API server answered 409: namespaces "probes" already exists')));
    expect((await createProbePods(port, settings, run).start(spec)).name).toBe('pod-1');
  });

  test('that may not be made is a refusal with the rule to add', async () => {
    const port = fresh(() => Promise.reject(new Failure('forbidden', 'user "bob" may not create namespaces', { allow: '- rule' })));
    await expect(createProbePods(port, settings, run).start(spec)).rejects.toMatchObject({
      reason: 'forbidden',
      allow: '- rule',
      message: 'the namespace probes for probe pods is not there and cannot be made: user "bob" may not create namespaces',
    });
  });
});

describe('at the end of a run', () => {
  test('all its pods are deleted, and none is made any more', async () => {
    const port = probeCluster([runningStatus]);
    const probes = createProbePods(port, settings, run);
    await Promise.all([probes.start(spec), probes.start({ ...spec, node: 'n2' })]);
    await probes.close();
    await probes.close();
    expect(port.calls.filter((call) => call.startsWith('delete')).toSorted()).toEqual(
      [1, 2].map((one) => `delete /api/v1/namespaces/probes/pods/pod-${one}`),
    );
    await expect(probes.start({ ...spec, node: 'n3' })).rejects.toMatchObject({ reason: 'skipped' });
  });

  test('a pod that is still being created is deleted too, and who waits for it is told', async () => {
    const port = probeCluster([{ phase: 'Pending' }], {
      create: () => new Promise((resolve) => setTimeout(() => resolve({ metadata: { name: 'late' } }), 100)),
    });
    const probes = createProbePods(port, settings, run);
    const start = probes.start(spec);
    start.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await probes.close();
    expect(port.calls).toContain('delete /api/v1/namespaces/probes/pods/late');
    await expect(start).rejects.toMatchObject({ reason: 'skipped' });
  });

  test('what cannot be removed is named, with the right that is missing; what is gone already is not', async () => {
    const port = probeCluster([runningStatus], {
      delete: (path) =>
        Promise.reject(path.endsWith('pod-1') ? new Failure('missing', 'gone') : new Failure('forbidden', 'no', { allow: 'delete pods' })),
    });
    const probes = createProbePods(port, settings, run);
    await Promise.all([probes.start(spec), probes.start({ ...spec, node: 'n2' })]);
    await expect(probes.close()).rejects.toMatchObject({
      reason: 'forbidden',
      allow: 'delete pods',
      message: expect.stringMatching(/^probe pods were left behind: probes\/pod-2 .*: no$/) as unknown,
    });
    await probes.close();
  });

  test('an API server that hangs does not hold it up', async () => {
    const port = probeCluster([runningStatus], {
      delete: (_path, _query, options) => new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', reject)),
    });
    const probes = createProbePods(port, settings, run);
    await probes.start(spec);
    const start = performance.now();
    await expect(probes.close()).rejects.toMatchObject({ reason: 'timeout' });
    expect(performance.now() - start).toBeLessThan(5_500);
  }, 10_000);
});
