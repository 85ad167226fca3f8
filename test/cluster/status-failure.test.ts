import { describe, expect, test } from '@jest/globals';
import { accessOf, ruleLine } from '../../src/cluster/rbac-rule.ts';
import { statusFailure } from '../../src/cluster/status-failure.ts';

describe('what a request asks for', () => {
  test.each([
    ['GET', '/api/v1/pods', '- {apiGroups: [""], resources: [pods], verbs: [list]}'],
    ['GET', '/api/v1/namespaces/x/pods/y', '- {apiGroups: [""], resources: [pods], verbs: [get]}'],
    ['GET', '/api/v1/namespaces/x/pods/y/log?tailLines=1', '- {apiGroups: [""], resources: [pods/log], verbs: [get]}'],
    ['GET', '/api/v1/namespaces/x/pods/y:9153/proxy/metrics', '- {apiGroups: [""], resources: [pods/proxy], verbs: [get]}'],
    ['GET', '/api/v1/nodes/n/proxy/configz', '- {apiGroups: [""], resources: [nodes/proxy], verbs: [get]}'],
    ['GET', '/api/v1/namespaces', '- {apiGroups: [""], resources: [namespaces], verbs: [list]}'],
    ['GET', '/api/v1/namespaces/x', '- {apiGroups: [""], resources: [namespaces], verbs: [get]}'],
    ['PUT', '/api/v1/namespaces/x/finalize', '- {apiGroups: [""], resources: [namespaces/finalize], verbs: [update]}'],
    [
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      '- {apiGroups: ["authorization.k8s.io"], resources: [selfsubjectaccessreviews], verbs: [create]}',
    ],
    [
      'GET',
      '/apis/discovery.k8s.io/v1/namespaces/x/endpointslices',
      '- {apiGroups: ["discovery.k8s.io"], resources: [endpointslices], verbs: [list]}',
    ],
    [
      'PATCH',
      '/api/v1/namespaces/x/pods/y/ephemeralcontainers',
      '- {apiGroups: [""], resources: [pods/ephemeralcontainers], verbs: [patch]}',
    ],
    ['DELETE', '/api/v1/namespaces/x/pods/y', '- {apiGroups: [""], resources: [pods], verbs: [delete]}'],
    ['DELETE', '/api/v1/namespaces/x/pods', '- {apiGroups: [""], resources: [pods], verbs: [deletecollection]}'],
    ['GET', '/metrics', '- {nonResourceURLs: ["/metrics"], verbs: [get]}'],
    ['GET', '/api/v1/namespaces/%E0/pods', '- {apiGroups: [""], resources: [pods], verbs: [list]}'],
  ])('%s %s', (method, path, rule) => {
    expect(ruleLine(accessOf(method, path))).toBe(rule);
  });
});

const answer = (status: number, body: string, path = '/api/v1/namespaces/shop/pods') => ({ method: 'GET', path, status, body });
const said = (message: string) => JSON.stringify({ kind: 'Status', message });

describe('a refusal', () => {
  test('by RBAC names verb, resource, group, namespace, user, and the rule to add', () => {
    const message =
      'deployments.apps "coredns" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "deployments/scale" in API group "apps" in the namespace "kube-system"';
    expect(statusFailure(answer(403, said(message)))).toMatchObject({
      reason: 'forbidden',
      message: 'user "system:serviceaccount:a:b" may not patch deployments/scale of API group apps in namespace kube-system',
      allow: '- {apiGroups: ["apps"], resources: [deployments/scale], verbs: [patch]}',
    });
  });

  test('of a cluster-wide list', () => {
    const message = 'nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope';
    expect(statusFailure(answer(403, said(message), '/api/v1/nodes')).message).toBe(
      'user "bob" may not list nodes of the core API group in the whole cluster',
    );
  });

  test('of a path', () => {
    const failure = statusFailure(answer(403, said('forbidden: User "bob" cannot get path "/metrics"'), '/metrics'));
    expect(failure).toMatchObject({
      message: 'user "bob" may not get the path /metrics',
      allow: '- {nonResourceURLs: ["/metrics"], verbs: [get]}',
    });
  });

  test.each(['', '<html>Forbidden</html>', '{"message":7}', 'null'])('whose body is %j is told from the request', (body) => {
    expect(statusFailure(answer(403, body))).toMatchObject({
      reason: 'forbidden',
      message: 'this user may not list pods of the core API group in namespace shop',
      allow: '- {apiGroups: [""], resources: [pods], verbs: [list]}',
    });
  });

  test('by an admission plugin keeps its own words and has no rule', () => {
    const message = 'pods "x" is forbidden: violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true)';
    expect(statusFailure(answer(403, said(message)))).toMatchObject({ reason: 'forbidden', message, allow: undefined });
  });
});

describe('other answers', () => {
  test('404 is missing, 504 is a timeout, 401 tells of credentials', () => {
    expect(statusFailure(answer(404, said('pods "x" not found')))).toMatchObject({ reason: 'missing', message: 'pods "x" not found' });
    expect(statusFailure(answer(504, said('Timeout: request did not complete')))).toMatchObject({ reason: 'timeout' });
    expect(statusFailure(answer(401, 'secret body'))).toMatchObject({ reason: 'error', message: expect.not.stringContaining('secret') });
  });

  test('never show the whole body, control characters or secrets', () => {
    const failure = statusFailure(answer(500, said(`\u001b[2J password=hunter2 ${'x'.repeat(10_000)}`)));
    expect(failure.message.length).toBeLessThan(400);
    expect(failure.message).not.toMatch(/hunter2|\p{Cc}/u);
  });
});
