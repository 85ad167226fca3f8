import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import type { CaptureTrial } from '../../../src/cluster/capture-port.ts';
import type { Json } from '../../../src/cluster/port.ts';
import type { ReadingData } from '../../../src/domain/evidence.ts';
import { capturePackets } from '../../../src/remedies/capture-packets.ts';
import type { CaptureData } from '../../../src/remedies/capture/data.ts';
import { CaptureParams } from '../../../src/remedies/capture/params.ts';
import { type Draft, isDraft, type NoDraft, type PlanContext } from '../../../src/remedies/remedy.ts';
import { dnsService, endpointSlices, healthyFacts, homes, lookups, namedPod, node, nodes, row } from '../../checks/evidence.ts';
import { planContext, podJson } from '../plan-world.ts';

const cart: Json = {
  metadata: { namespace: 'shop', name: 'cart-1', uid: 'uid-cart-1' },
  spec: { nodeName: homes[0] },
  status: { phase: 'Running', podIP: '10.0.1.50', conditions: [{ type: 'Ready', status: 'True' }] },
};

const admits: CaptureTrial = {
  onNode: async () => ({ makesNamespace: false }),
  insidePod: async () => undefined,
  pod: (on, seconds) => [`nodeName: ${on}`, `activeDeadlineSeconds: ${seconds}`],
};
const says =
  (reason: Failure['reason'], message: string, more: { allow?: string } = {}) =>
  async (): Promise<never> => {
    throw new Failure(reason, message, more);
  };

interface Over {
  facts?: Partial<ReadingData>;
  pod?: string;
  trial?: Partial<CaptureTrial>;
  live?: Json[];
  get?: (path: string) => Json;
  params?: Record<string, unknown>;
}

function plan({ facts = {}, pod, trial, live, get = () => cart, params = {} }: Over = {}): Promise<Draft<CaptureData> | NoDraft> {
  const world = planContext(facts, live === undefined ? {} : { pods: live });
  const context = {
    ...world,
    port: { ...world.port, get: async (path: string) => get(path) },
    request: { cluster: 'cluster-a', pod: pod ?? null },
    settings: { capture: { namespace: 'captures' }, probe: { image: 'tools:1' }, names: ['amazon.com'] },
    tryCapture: { ...admits, ...trial },
  } as unknown as PlanContext;
  return capturePackets.plan(context, CaptureParams.parse(params));
}

async function drafted(over: Over = {}): Promise<Draft<CaptureData>> {
  const draft = await plan(over);
  if (!isDraft(draft)) throw new Error(draft.says);
  return draft;
}

const refused = async (over: Over): Promise<NoDraft> => {
  const none = await plan(over);
  if (isDraft(none)) throw new Error(none.summary);
  return none;
};

const idsOf = ({ data }: Draft<CaptureData>): string[] => data.points.map(({ id, node: at, label }) => `${id} ${label} ${at}`);

describe('a capture is planned', () => {
  test('at two clients of ours, their nodes and all CoreDNS pods, where no pod is named', async () => {
    const draft = await drafted();
    expect(idsOf(draft)).toEqual([
      'c1 probe pod on node-a node-a',
      'c2 probe pod on node-b node-b',
      'n1 node-a node-a',
      'n2 node-b node-b',
      's1 kube-system/coredns-a node-a',
      's2 kube-system/coredns-b node-b',
    ]);
    expect(draft.summary).toBe(
      'capture DNS packets for 30 s at 2 clients, their nodes, 2 CoreDNS pods, send marked queries, and say where they get lost',
    );
    expect(draft.objects.map(({ does, object }) => `${does} ${object.kind} ${object.namespace}`)).toEqual([
      'create Pod captures',
      'create Pod captures',
    ]);
    expect(draft.objects[0]?.diff).toEqual(['+ nodeName: node-a', '+ activeDeadlineSeconds: 270']);
    expect(draft.warnings[0]).toContain('personal data');
    expect(draft.warnings[1]).toMatch(/^A privileged pod .* for at most 270 s\.$/);
    expect(draft).toMatchObject({ undo: null, endsAfterMs: null, pods: [] });
    expect(draft.data.targets).toEqual([
      { server: '10.100.0.10', port: 53, kind: 'cluster-ip' },
      { server: '10.0.1.11', port: 53, kind: 'pod' },
      { server: '10.0.2.12', port: 53, kind: 'pod' },
    ]);
    expect(draft.data).toMatchObject({ zone: 'cluster.local', outside: 'amazon.com', ports: [53], packets: 200_000, bytes: 33_554_432 });
  });

  test('at the named pod, with its own nameserver where that is another', async () => {
    const own = { ...namedPod().resolvConf!, nameservers: ['169.254.20.10'] };
    const draft = await drafted({ pod: 'shop/cart', facts: { pod: namedPod({ resolvConf: own }) } });
    expect(idsOf(draft).slice(0, 2)).toEqual(['c1 shop/cart-1 node-a', 'n1 node-a node-a']);
    expect(draft.data.points[0]?.pod).toEqual({
      namespace: 'shop',
      name: 'cart-1',
      uid: 'uid-cart-1',
      ips: ['10.0.1.50'],
      hostNetwork: false,
    });
    expect(draft.data.targets.at(-1)).toEqual({ server: '169.254.20.10', port: 53, kind: 'nameserver' });
  });

  test('without the node of a client that is in its network anyhow', async () => {
    const onHost = { ...cart, spec: { nodeName: homes[0], hostNetwork: true } };
    expect(idsOf(await drafted({ pod: 'shop/cart', get: () => onHost })).map((id) => id.split(' ', 1)[0])).toEqual(['c1', 's1', 's2']);
  });

  test('from where lookups failed, and at the CoreDNS pods that did not answer first', async () => {
    const three = nodes([node(), node({ name: homes[1] }), node({ name: 'node-c' })]);
    const failing = row({
      from: { node: 'node-c', pod: 'p', how: 'probe' },
      answered: 0,
      server: '10.0.2.12',
      serverKind: 'endpoint',
      serverPod: 'coredns-b',
      serverNode: homes[1],
    });
    const draft = await drafted({ facts: { nodes: three, lookups: lookups([row(), failing]) } });
    expect(idsOf(draft)[0]).toBe('c1 probe pod on node-c node-c');
    expect(draft.data.points.filter(({ role }) => role === 'server').map(({ label }) => label)[0]).toBe('kube-system/coredns-b');
  });

  test('at the node and the CoreDNS pod that were asked for', async () => {
    const draft = await drafted({ params: { node: 'node-b', coredns: 'coredns-a', seconds: '10' } });
    expect(idsOf(draft)).toEqual(['c1 probe pod on node-b node-b', 'n1 node-b node-b', 's1 kube-system/coredns-a node-a']);
    expect(draft.data.seconds).toBe(10);
  });

  test('at four CoreDNS pods at most', async () => {
    const live = Array.from({ length: 7 }, (_, index) => podJson(`coredns-${index}`, index % 2 === 0 ? 0 : 1));
    expect((await drafted({ live })).data.points.filter(({ role }) => role === 'server')).toHaveLength(4);
  });

  test('with the ports that Service, EndpointSlice and Corefile name for DNS, and no others', async () => {
    const ports = dnsService().ports.map((port) => (port.name === 'dns' ? { ...port, targetPort: 5353 } : port));
    const slices = endpointSlices(undefined, { ports: [{ name: 'dns', port: 5354, protocol: 'UDP' }] });
    const { data } = await drafted({ facts: { 'dns-service': dnsService({ ports }), 'endpoint-slices': slices } });
    expect(data.ports).toEqual([53, 5353, 5354]);
  });

  test('with its namespace, where that has to be made', async () => {
    const { objects } = await drafted({ trial: { onNode: async () => ({ makesNamespace: true }) } });
    expect(objects[0]).toMatchObject({ does: 'create', object: { kind: 'Namespace', name: 'captures' } });
  });
});

describe('where privileged pods are not admitted', () => {
  const barred = says('forbidden', 'PodSecurity of namespace captures refuses the capture pod: x');

  test('ephemeral containers are planned, which stay, and it is said why', async () => {
    const draft = await drafted({ pod: 'shop/cart', trial: { onNode: barred } });
    expect(draft.data.way).toBe('pod');
    expect(idsOf(draft).map((id) => id.split(' ', 1)[0])).toEqual(['c1', 's1', 's2']);
    expect(draft.objects.map(({ does, object }) => `${does} ${object.namespace}/${object.name}`)).toEqual([
      'change shop/cart-1',
      'change kube-system/coredns-a',
      'change kube-system/coredns-b',
    ]);
    expect(draft.warnings[1]).toContain('stays in their spec until they are deleted (not by a privileged pod: PodSecurity of namespace');
    expect(draft.warnings[2]).toContain('Nothing is captured at node-a: only a privileged pod on node-a sees the packets of the node');
    const needed = capturePackets.uses?.({ objects: draft.objects, params: {}, data: draft.data }) ?? [];
    expect([...new Set(needed.map(({ scope }) => scope))]).toEqual(['dns', 'pod']);
    expect(needed.map(({ resource }) => resource)).toContain('pods/ephemeralcontainers');
    expect(needed.some(({ optional }) => optional === true)).toBe(false);
  });

  test('a pod that admits none is left out with what was said', async () => {
    const insidePod = async (_namespace: string, pod: string): Promise<void> => {
      if (pod === 'coredns-b') throw new Failure('forbidden', 'a policy says no');
    };
    const draft = await drafted({ trial: { onNode: barred, insidePod } });
    expect(idsOf(draft).map((id) => id.split(' ', 1)[0])).toEqual(['c1', 'c2', 's1']);
    expect(draft.warnings).toContain('Nothing is captured at kube-system/coredns-b: a policy says no.');
    const scopes = (capturePackets.uses?.({ objects: [], params: {}, data: draft.data }) ?? []).map(({ scope }) => scope);
    expect([...new Set(scopes)]).toEqual(['dns']);
  });

  test('nothing is planned where neither is admitted', async () => {
    const get = (path: string): Json => {
      if (path.startsWith('/apis/eks')) throw new Failure('missing', 'no such API');
      return cart;
    };
    const none = await refused({ trial: { onNode: barred, insidePod: says('forbidden', 'no') }, get });
    expect(none).toMatchObject({ why: 'unsafe', says: expect.stringContaining('PodSecurity of namespace captures refuses') });
    expect(none.next).toEqual([expect.stringContaining('deploy/components/capture')]);
  });

  test('the way by NodeDiagnostic is told with its commands where the cluster knows it, and not gone', async () => {
    const get = (path: string): Json =>
      path === '/apis/eks.amazonaws.com/v1alpha1' ? { resources: [{ name: 'nodediagnostics' }, null] } : cart;
    const { next = [] } = await refused({ trial: { onNode: barred, insidePod: says('forbidden', 'no') }, get });
    expect(next.join('\n')).toMatch(/untried on AWS/);
    expect(next.filter((line) => line.startsWith('python3 start-capture.py --bucket BUCKET --node node-'))).toHaveLength(2);
    expect(next.join('\n')).toContain("--filter '((port 53 or port 853)");
  });
});

describe('what RBAC forbids', () => {
  test('is left to the runner to tell with all that is missing', async () => {
    const allow = '- {apiGroups: [""], resources: [pods], verbs: [create]}';
    const draft = await drafted({
      trial: { onNode: says('forbidden', 'may not', { allow }), insidePod: says('forbidden', 'no', { allow }) },
    });
    expect(draft.data.way).toBe('node');
    const uses = capturePackets.uses?.({ objects: [], params: {}, data: draft.data }) ?? [];
    expect(new Set(uses.map(({ scope }) => scope))).toEqual(new Set(['capture']));
  });

  test('a namespace that is not there is a matter of rights', async () => {
    const get = (path: string): Json => {
      if (path.startsWith('/apis/eks')) throw new Failure('forbidden', 'no');
      return cart;
    };
    const onNode = says('missing', 'the namespace captures is not there');
    expect(await refused({ trial: { onNode, insidePod: says('forbidden', 'no') }, get })).toMatchObject({ why: 'rights' });
  });

  test('an API server that does not answer is no refusal', async () => {
    await expect(plan({ trial: { onNode: says('timeout', 'no answer within 10 s') } })).rejects.toThrow('no answer');
  });
});

describe('nothing is planned', () => {
  const fargate = (name: string) => node({ name, kind: 'fargate' });

  test.each<[string, Over, Partial<NoDraft>]>([
    [
      'where all runs on Fargate',
      { facts: { nodes: nodes([fargate(homes[0]), fargate(homes[1])]) } },
      { why: 'not-here', says: expect.any(String) as unknown as string },
    ],
    ['on a node that is not ready', { facts: { nodes: nodes([node({ ready: false })]) }, params: { node: 'node-a' } }, { why: 'not-here' }],
    ['on a node of Windows', { facts: { nodes: nodes([node({ os: 'windows' })]) }, params: { node: 'node-a' } }, { why: 'not-here' }],
    [
      'at a CoreDNS pod that is not there',
      { params: { coredns: 'coredns-q' } },
      { why: 'not-here', says: 'there is no CoreDNS pod coredns-q', next: ['Did you mean coredns-a, coredns-b?'] },
    ],
    ['where no CoreDNS pod runs', { live: [] }, { why: 'not-needed' }],
    [
      'for a pod that has ended',
      { pod: 'shop/cart', get: () => ({ ...cart, status: { phase: 'Failed' } }) },
      { why: 'not-here', says: 'pod shop/cart-1 does not run, so it sends nothing' },
    ],
  ])('%s', async (_what, over, expected) => {
    expect(await refused(over)).toMatchObject(expected);
  });

  test('where one CoreDNS pod is on Fargate the others are captured at', async () => {
    const mixed = nodes([node(), node({ name: homes[1], kind: 'fargate' })]);
    const draft = await drafted({ facts: { nodes: mixed } });
    expect(idsOf(draft)).toEqual(['c1 probe pod on node-a node-a', 'n1 node-a node-a', 's1 kube-system/coredns-a node-a']);
    expect(draft.warnings.at(-1)).toMatch(/^Nothing is captured at kube-system\/coredns-b: it runs on AWS Fargate/);
  });

  test('is where hostile names would come into a script', async () => {
    const hostile = { ...healthyFacts().lookups, zone: "x'; reboot #." };
    const { data } = await drafted({
      facts: { lookups: hostile, 'dns-service': dnsService({ clusterIPs: ['$(reboot)', '10.100.0.10'] }) },
    });
    expect(data.zone).toBe('cluster.local');
    expect(data.clusterIps).toEqual(['10.100.0.10']);
  });
});

describe('the parameters of a capture', () => {
  const wrong = (params: Record<string, unknown>): string | undefined => CaptureParams.safeParse(params).error?.issues[0]?.message;

  test('have defaults, and take what people type', () => {
    expect(CaptureParams.parse({})).toEqual({ seconds: 30, coredns: 'all' });
    expect(CaptureParams.parse({ seconds: '5', filter: ' host 10.0.1.7 and udp[10:2] = 0x1 ' })).toMatchObject({
      seconds: 5,
      filter: 'host 10.0.1.7 and udp[10:2] = 0x1',
    });
  });

  test.each([
    [{ seconds: 4 }, 'from 5 to 120'],
    [{ seconds: 121 }, 'from 5 to 120'],
    [{ seconds: 'soon' }, 'from 5 to 120'],
    [{ filter: "host x'; reboot" }, 'expected a filter of tcpdump'],
    [{ filter: 'host $(reboot)' }, 'expected a filter of tcpdump'],
    [{ filter: 'host `x`' }, 'expected a filter of tcpdump'],
    [{ filter: 'a\nb' }, 'expected a filter of tcpdump'],
    [{ filter: '' }, 'expected a filter'],
    [{ filter: 'x'.repeat(201) }, 'at most 200 characters'],
    [{ node: '-rf' }, 'the name of a node'],
    [{ coredns: 'a b' }, 'the name of a CoreDNS pod'],
    [{ other: 1 }, 'Unrecognized key'],
  ])('are refused: %j', (params, message) => {
    expect(wrong(params)).toContain(message);
  });
});
