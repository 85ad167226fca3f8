import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubedns-internal-traffic-local.ts';
import {
  clusterClass,
  dnsService,
  endpoint,
  endpointSlices,
  healthyFacts,
  homes,
  lookups,
  lookupsWhere,
  lost,
  node,
  nodes,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const local = (over = {}) => healthyFacts({ 'dns-service': dnsService({ internalTrafficPolicy: 'Local' }), ...over });
const onlyFirst = endpointSlices([endpoint(0)]);
const cut = lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === homes[1] ? lost() : null));
const tainted = nodes([node(), node({ name: homes[1], taints: [{ key: 'dedicated', value: '', effect: 'NoSchedule' }] })]);

describe('kubedns-internal-traffic-local', () => {
  test('the policy Cluster passes wherever the pods are', () => {
    expect(judge(check, healthyFacts({ 'endpoint-slices': onlyFirst })).status).toBe('passed');
  });

  test('Local with a pod on every node, as a DaemonSet has, passes', () => {
    expect(judge(check, local()).status).toBe('passed');
  });

  test('a node without a pod that gets no answer is found', () => {
    const finding = theFinding(check, local({ 'endpoint-slices': onlyFirst, lookups: cut }));
    expect(finding).toMatchObject({ severity: 'critical', args: { nodes: [homes[1]], count: 1 } });
  });

  test('without lookups from there it is said to break a part', () => {
    expect(theFinding(check, local({ 'endpoint-slices': onlyFirst, lookups: lookups([]) })).severity).toBe('high');
  });

  test('nodes that are answered all the same are left alone', () => {
    expect(judge(check, local({ 'endpoint-slices': onlyFirst })).status).toBe('passed');
  });

  test('a cache on the nodes makes up for it', () => {
    const nodeLocalDns = { namespace: 'kube-system', name: 'node-local-dns', desired: 2, ready: 2, ips: ['169.254.20.10'] };
    const facts = local({ 'endpoint-slices': onlyFirst, lookups: lookups([]), 'cluster-class': clusterClass({ nodeLocalDns }) });
    expect(judge(check, facts).status).toBe('passed');
  });

  test('nodes that are tainted, not ready or no ordinary ones need no pod, unless lookups from there fail', () => {
    const quiet = { 'endpoint-slices': onlyFirst, lookups: lookups([]) };
    expect(judge(check, local({ ...quiet, nodes: tainted })).status).toBe('passed');
    expect(judge(check, local({ ...quiet, nodes: nodes([node(), node({ name: homes[1], ready: false })]) })).status).toBe('passed');
    expect(judge(check, local({ ...quiet, nodes: nodes([node(), node({ name: homes[1], kind: 'fargate' })]) })).status).toBe('passed');
    expect(judge(check, local({ 'endpoint-slices': onlyFirst, nodes: tainted, lookups: cut })).status).toBe('found');
  });

  test('without any ready pod it is not the policy', () => {
    expect(judge(check, local({ 'endpoint-slices': endpointSlices([]) })).status).toBe('not-applicable');
  });
});
