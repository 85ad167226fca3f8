import { describe, expect, test } from '@jest/globals';
import { isDraft } from '../../src/remedies/remedy.ts';
import { restartKubeProxy } from '../../src/remedies/restart-kube-proxy.ts';
import { healthyFacts, homes, lookupsWhere, lost, now } from '../checks/evidence.ts';
import { planContext, podJson } from './plan-world.ts';

const { pods: proxies } = healthyFacts()['kube-proxy'];
const named = proxies.find(({ node }) => node === homes[0])!.name;
const live = [
  podJson(named, 0, { owner: [{ kind: 'DaemonSet', name: 'kube-proxy', controller: true }], labels: { 'k8s-app': 'kube-proxy' } }),
];
const plan = (over: Parameters<typeof planContext>[0] = {}, pods = live, node: string = homes[0]) =>
  restartKubeProxy.plan(planContext(over, { pods }), { node });

describe('the plan to restart kube-proxy on a node', () => {
  test('names its pod there, and says when nothing is wrong with it', async () => {
    expect(await plan()).toMatchObject({
      pods: [{ name: named, node: homes[0] }],
      objects: [{ does: 'restart', object: { kind: 'DaemonSet' } }],
      helps: 'nothing was found to be wrong with kube-proxy on this node',
      data: { node: homes[0], service: { address: '10.100.0.10' } },
    });
  });

  test('lookups that the rules of the node lose are a reason', async () => {
    const cut = lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === homes[0] ? lost() : null));
    const drafted = await plan({ lookups: cut });
    expect(isDraft(drafted) && drafted.helps).toMatch(/lookups at the address of the DNS Service were lost on this node/);
  });

  test('an API server that it does not reach is no reason by itself', async () => {
    const facts = healthyFacts();
    const failing = {
      class: 'api-refused',
      count: 9,
      lastAt: new Date(now).toISOString(),
      fields: { afterSync: 'true', ageSeconds: '5', reason: 'dial tcp: refused' },
      sample: '',
    };
    const logs = { pods: facts['kube-proxy-logs'].pods.map((log) => ({ ...log, classes: [failing] })) };
    const drafted = await plan({ 'kube-proxy-logs': logs });
    expect(isDraft(drafted) && drafted.helps).toMatch(
      /cannot read the API server.*helps only when the address, the way there and its rights are right by now/,
    );
  });

  test('no plan while a new one would not start, or get no further', async () => {
    const facts = healthyFacts();
    const wrong = { ...facts['kube-proxy-config'], problem: 'unknown mode iptable' };
    expect(await plan({ 'kube-proxy-config': wrong })).toMatchObject({
      why: 'unsafe',
      says: expect.stringContaining('unknown mode iptable'),
    });
    const subjects = facts.rbac.subjects.map((one) =>
      one.component === 'kube-proxy' ? { ...one, missing: [{ group: '', resource: 'services', verb: 'list' }] } : one,
    );
    expect(await plan({ rbac: { subjects } })).toMatchObject({
      why: 'unsafe',
      offers: [{ id: 'restore-rbac', params: { component: 'kube-proxy' } }],
    });
    const down = { ...facts.nodes, items: facts.nodes.items.map((node) => ({ ...node, ready: false })) };
    expect(await plan({ nodes: down })).toMatchObject({ why: 'unsafe', says: expect.stringContaining('is not ready') });
  });

  test('no plan where kube-proxy is no DaemonSet, has no pod on the node, or one that nobody would make again', async () => {
    const facts = healthyFacts();
    expect(await plan({ 'kube-proxy': { ...facts['kube-proxy'], daemonSet: null } })).toMatchObject({ why: 'not-here' });
    expect(await plan({}, live, 'node-z')).toMatchObject({ why: 'not-here', says: 'no kube-proxy pod is on node node-z' });
    expect(await plan({}, [podJson(named, 0, { owner: [] })])).toMatchObject({ why: 'not-here' });
    const ending = { ...facts['kube-proxy'], pods: proxies.map((pod) => ({ ...pod, terminating: true })) };
    expect(await plan({ 'kube-proxy': ending })).toMatchObject({ why: 'not-needed' });
    expect(await plan({}, [])).toMatchObject({ why: 'not-needed' });
  });

  test('what could be no node is refused', () => {
    expect(restartKubeProxy.params.safeParse({ node: 'a;b' }).success).toBe(false);
    expect(restartKubeProxy.params.safeParse({ node: 'ip-172-30-0-11.eu-west-1.compute.internal' }).success).toBe(true);
  });
});
