import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { createCapturePods } from '../../src/cluster/capture-pods.ts';
import { createCaptureTrial } from '../../src/cluster/capture-trial.ts';
import type { ClusterPort, ExecOptions, Json } from '../../src/cluster/port.ts';
import type { ClusterSettings } from '../../src/domain/settings.ts';
import { fakePort, listOf } from './fake-port.ts';
import { runningStatus, settings as probe } from './probe-cluster.ts';

const settings = { probe, capture: { namespace: 'captures' } } as ClusterSettings;
const order = 'a'.repeat(32);

/** A cluster that runs what is created at once. */
function world(more: Partial<ClusterPort> = {}, pods: Json[] = []) {
  const port = fakePort({
    create: async (path, body) => {
      if (!path.endsWith('/pods')) return body;
      const pod = { ...body, metadata: { ...body['metadata'], name: `pod-${pods.length + 1}` }, status: runningStatus };
      pods.push(pod);
      return pod;
    },
    list: async (_path, options) => listOf(options?.labelSelector === `dns-medic/run=${order}` ? pods : []),
    delete: async () => {},
    ...more,
  });
  return { port, pods, captures: createCapturePods(port, settings, order) };
}

const refusing = (error: Failure) => async (): Promise<never> => {
  throw error;
};

describe('a capture pod', () => {
  test('is privileged, sees the processes of its node, and has neither a token nor a long life', async () => {
    const { captures, pods } = world();
    expect(await captures.at('n1', 270)).toMatchObject({
      namespace: 'captures',
      pod: 'pod-1',
      node: 'n1',
      directory: '/capture',
      wholeNode: true,
      made: true,
    });
    expect(pods[0]?.['metadata'].labels).toEqual({
      team: 'a',
      'app.kubernetes.io/managed-by': 'dns-medic',
      'dns-medic/run': order,
      'dns-medic/role': 'capture',
    });
    expect(pods[0]?.['spec']).toMatchObject({
      nodeName: 'n1',
      hostPID: true,
      dnsPolicy: 'Default',
      restartPolicy: 'Never',
      activeDeadlineSeconds: 270,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'pull' }],
      tolerations: [{ operator: 'Exists' }],
      containers: [{ image: 'tools:1', securityContext: { privileged: true }, resources: { limits: { memory: '256Mi' } } }],
      volumes: [{ emptyDir: { sizeLimit: '256Mi' } }],
    });
    expect(pods[0]?.['spec']).not.toHaveProperty('hostNetwork');
  });

  test('is made once for a node, and found by a second attempt at the order', async () => {
    const { port, pods, captures } = world();
    const [one, two] = await Promise.all([captures.at('n1', 60), captures.at('n1', 60)]);
    expect(one).toBe(two);
    const again = createCapturePods(port, settings, order);
    expect(await again.at('n1', 60)).toMatchObject({ pod: 'pod-1', made: false });
    expect(pods).toHaveLength(1);
    await again.close();
    expect(port.calls.filter((call) => call.startsWith('delete'))).toEqual(['delete /api/v1/namespaces/captures/pods/pod-1']);
  });

  test.each([
    ['has ended', { status: { phase: 'Failed' } }],
    ['is being deleted', { metadata: { name: 'old', deletionTimestamp: 'x' } }],
    ['is on another node', { spec: { nodeName: 'n2' } }],
  ])('of an attempt before that %s is not used again', async (_what, over) => {
    const old = { metadata: { name: 'old' }, spec: { nodeName: 'n1' }, status: runningStatus, ...over };
    const { captures } = world({}, [old]);
    expect(await captures.at('n1', 60)).toMatchObject({ pod: 'pod-2', made: true });
  });

  test('is made with its namespace, which admits it, where that is missing', async () => {
    const made: Json[] = [];
    let there = false;
    const { captures } = world({
      create: async (path, body) => {
        if (path === '/api/v1/namespaces') {
          there = true;
          made.push(body);
          return body;
        }
        if (!there) throw new Failure('missing', 'namespaces "captures" not found');
        return { metadata: { name: 'pod-1' } };
      },
      list: async () => listOf([{ metadata: { name: 'pod-1' }, spec: {}, status: runningStatus }]),
    });
    await captures.at('n1', 60);
    expect(made[0]?.['metadata']).toMatchObject({ name: 'captures', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } });
  });

  test('that is refused says by whom and what to do', async () => {
    const refuse = (error: Failure) => world({ create: refusing(error) }).captures.at('n1', 60);
    const security = 'pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged';
    await expect(refuse(new Failure('forbidden', security))).rejects.toThrow(
      'PodSecurity of namespace captures refuses the capture pod (label it pod-security.kubernetes.io/enforce=privileged to allow it)',
    );
    await expect(refuse(new Failure('missing', 'namespaces "captures" not found'))).rejects.toThrow(
      'the namespace captures for capture pods is not there and cannot be made (deploy/components/capture makes it)',
    );
  });

  test('is removed by close, also one whose creation is on its way', async () => {
    let create: (pod: Json) => void = () => undefined;
    const created = new Promise<Json>((resolve) => (create = resolve));
    const { port, captures } = world({ create: () => created });
    const start = captures.at('n1', 60).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const closing = captures.close();
    create({ metadata: { name: 'late' } });
    await closing;
    expect(port.calls).toContain('delete /api/v1/namespaces/captures/pods/late');
    expect(await start).toBeInstanceOf(Failure);
  });
});

describe('a client of ours', () => {
  const withIp = { uid: 'uid-1' };
  const client = () => {
    const pods: Json[] = [];
    const create = async (path: string, body: Json): Promise<Json> => {
      const pod = {
        ...body,
        metadata: { ...body['metadata'], ...withIp, name: 'client-1' },
        status: { ...runningStatus, podIPs: [{ ip: '10.0.0.9' }] },
      };
      pods.push(pod);
      return (expect(path).toBe('/api/v1/namespaces/probes/pods'), pod);
    };
    return world({ create }, pods);
  };

  test('is an ordinary probe pod with the label of the order, known by its uid and its addresses', async () => {
    const { captures, pods } = client();
    expect(await captures.client('n1', 60)).toMatchObject({
      ...{ namespace: 'probes', pod: 'client-1', node: 'n1', uid: 'uid-1', ips: ['10.0.0.9'], made: true, wholeNode: false },
    });
    expect(pods[0]?.['metadata'].labels).toMatchObject({ 'dns-medic/run': order, 'dns-medic/role': 'probe' });
    expect(pods[0]?.['spec'].containers[0].securityContext).toMatchObject({ runAsNonRoot: true });
  });

  test('is the same for a second attempt, and gone when that closes', async () => {
    const { captures, port, pods } = client();
    await captures.client('n1', 60);
    const again = createCapturePods(port, settings, order);
    expect(await again.client('n1', 60)).toMatchObject({ pod: 'client-1', uid: 'uid-1', made: false });
    expect(pods).toHaveLength(1);
    await again.close();
    expect(port.calls.filter((call) => call.startsWith('delete'))).toEqual(['delete /api/v1/namespaces/probes/pods/client-1']);
  });
});

describe('a file of a capture pod', () => {
  const reading = (chunks: Buffer[], result: object = {}) => {
    const asked: ExecOptions[] = [];
    const exec = async (options: ExecOptions) => {
      asked.push(options);
      chunks.forEach((chunk) => options.onStdout?.(chunk));
      return { text: '', stderr: '', exitCode: 0, truncated: false, ...result };
    };
    return { asked, place: world({ exec }).captures.at('n1', 60) };
  };

  test('is handed over as it is, byte by byte', async () => {
    const got: Buffer[] = [];
    const { place, asked } = reading([Buffer.from([0, 255]), Buffer.from('password: x')]);
    await (await place).read('/capture/s1/pcap', (chunk) => got.push(Buffer.from(chunk)), { bytes: 13 });
    expect(Buffer.concat(got)).toEqual(Buffer.concat([Buffer.from([0, 255]), Buffer.from('password: x')]));
    expect(asked[0]).toMatchObject({ command: ['head', '-c', '13', '/capture/s1/pcap'], container: 'capture', maxBytes: 13 + 65_536 });
  });

  test.each([
    ['is cut', {}, '2 of 13 bytes came'],
    ['cannot be opened', { exitCode: 1, stderr: 'head: /capture/s1/pcap: No such file' }, 'No such file'],
    ['was longer than it may be', { truncated: true, exitCode: null }, '2 of 13 bytes came'],
  ])('that %s is a Failure', async (_what, result, message) => {
    const { place } = reading([Buffer.from('ab')], result);
    await expect((await place).read('/capture/s1/pcap', () => undefined, { bytes: 13 })).rejects.toThrow(message);
  });
});

describe('a container that captures in a pod', () => {
  const container = 'dns-medic-capture-aaaaaaaaaa';
  const running = { ephemeralContainerStatuses: [{ name: container, state: { running: {} } }] };

  test('is added with the two capabilities that tcpdump needs, and nothing more', async () => {
    const patches: Json[] = [];
    const { captures } = world({
      get: async () => ({ spec: { nodeName: 'n1' }, status: patches.length > 0 ? running : {} }),
      patch: async (path, body) => (expect(path).toContain('/shop/pods/cart/ephemeralcontainers'), patches.push(body), body),
    });
    expect(await captures.inside('shop', 'cart', 60)).toMatchObject({
      namespace: 'shop',
      pod: 'cart',
      node: 'n1',
      wholeNode: false,
      made: true,
    });
    const [added] = patches[0]!['spec'].ephemeralContainers;
    expect(added).toMatchObject({ name: container, image: 'tools:1' });
    expect(added.securityContext).toEqual({ runAsUser: 0, runAsNonRoot: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } });
  });

  test('of an attempt before is used again', async () => {
    const { captures, port } = world({
      get: async () => ({ spec: { nodeName: 'n1', ephemeralContainers: [{ name: container }] }, status: running }),
    });
    expect(await captures.inside('shop', 'cart', 60)).toMatchObject({ made: false });
    expect(port.calls.some((call) => call.startsWith('patch'))).toBe(false);
  });
});

describe('trying what a capture would write', () => {
  const trial = (more: Partial<ClusterPort>) => {
    const { port } = world(more);
    return { port, trial: createCaptureTrial(port, settings) };
  };

  test('keeps nothing: every request is a dry run', async () => {
    const { port, trial: tried } = trial({ patch: async (_path, body) => body });
    expect(await tried.onNode('n1')).toEqual({ makesNamespace: false });
    await tried.insidePod('shop', 'cart');
    expect(port.calls).toEqual([
      'create /api/v1/namespaces/captures/pods?dryRun=All',
      'patch /api/v1/namespaces/shop/pods/cart/ephemeralcontainers?dryRun=All',
    ]);
  });

  test('says whether the namespace would be made, or why it cannot be', async () => {
    const missing = new Failure('missing', 'namespaces "captures" not found');
    const create = async (path: string, body: Json): Promise<Json> => {
      if (path.includes('/pods')) throw missing;
      return body;
    };
    expect(await trial({ create }).trial.onNode('n1')).toEqual({ makesNamespace: true });
    const allow = '- {apiGroups: [""], resources: [namespaces], verbs: [create]}';
    const never = async (path: string): Promise<Json> => {
      throw path.includes('/pods') ? missing : new Failure('forbidden', 'may not create namespaces', { allow });
    };
    await expect(trial({ create: never }).trial.onNode('n1')).rejects.toMatchObject({ reason: 'missing', allow });
  });

  test('says what refused it, and keeps the rule that would allow it', async () => {
    const allow = '- {apiGroups: [""], resources: [pods], verbs: [create]}';
    const { trial: tried } = trial({ create: () => Promise.reject(new Failure('forbidden', 'may not', { allow, status: 403 })) });
    await expect(tried.onNode('n1')).rejects.toMatchObject({
      reason: 'forbidden',
      allow,
      status: 403,
      message: 'the capture pod cannot be created: may not',
    });
  });
});
