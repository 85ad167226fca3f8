import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { findPod } from '../../src/collect/find-pod.ts';
import { type Answers, fakePort } from './fake-port.ts';

const pods = '/api/v1/namespaces/shop/pods';
const deployment = '/apis/apps/v1/namespaces/shop/deployments/cart';
const no = (what: string) => new Failure('forbidden', `may not ${what}`, { allow: what });

const pod = (
  name: string,
  owner: { kind: string; name: string } | null,
  labels: Record<string, string> = {},
  phase = 'Running',
  nodeName = 'n1',
) => ({
  metadata: { name, namespace: 'shop', labels, ownerReferences: owner === null ? [] : [owner] },
  spec: { nodeName },
  status: { phase },
});
const cart = (suffix: string, phase = 'Running', node = 'n1') =>
  pod(`cart-6bbf-${suffix}`, { kind: 'ReplicaSet', name: 'cart-6bbf' }, { app: 'cart', 'pod-template-hash': '6bbf' }, phase, node);
const shop = [
  cart('b', 'Pending'),
  cart('a'),
  cart('c', 'Running', 'n2'),
  pod('web-0', { kind: 'Rollout', name: 'web' }),
  pod('loose', null),
];
const there: Answers = { [pods]: shop, [deployment]: { spec: { selector: { matchLabels: { app: 'cart' } } } } };

const find = async (name: string, answers: Answers = there, node: string | null = null) => {
  const { pod: found, workload } = await findPod(fakePort(answers), `shop/${name}`, node, AbortSignal.timeout(5_000));
  return `${found['metadata'].name} ${workload ?? '-'}`;
};

describe('findPod', () => {
  test.each([
    ['a pod by its own name', 'loose', 'loose -'],
    ['a running pod of a Deployment', 'cart', 'cart-6bbf-a Deployment/cart'],
    ['a pod of a ReplicaSet by what the pod says', 'cart-6bbf', 'cart-6bbf-a ReplicaSet/cart-6bbf'],
    ['a pod of a kind of workload that is not known here', 'web', 'web-0 Rollout/web'],
  ])('%s', async (_, name, found) => {
    expect(await find(name)).toBe(found);
  });

  test('on the wished node, where one runs there', async () => {
    expect(await find('cart', there, 'n2')).toBe('cart-6bbf-c Deployment/cart');
  });

  test.each([
    ['pods may be listed and not got', 'loose', { [`${pods}/loose`]: no('get pods') }, 'loose -'],
    ['Deployments may not be got', 'cart', { [deployment]: no('get deployments') }, 'cart-6bbf-a Deployment/cart'],
  ])('is found where %s', async (_, name, refused, found) => {
    expect(await find(name, { ...there, ...refused })).toBe(found);
  });

  test('what may not be read is not called missing', async () => {
    const refused = { [pods]: no('list pods'), [deployment]: no('get deployments') };
    await expect(find('cart', refused)).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test.each([
    ['crat', /no pod or workload shop\/crat: did you mean cart\?/],
    ['loosy', /did you mean loose\?/],
    ['nothing-like-it', /^no pod or workload shop\/nothing-like-it$/],
  ])('a name that is not there (%s) is missing, with what may have been meant', async (name, message) => {
    await expect(find(name)).rejects.toMatchObject({ reason: 'missing', message: expect.stringMatching(message) as unknown });
  });

  test('an empty namespace is said to be empty', async () => {
    await expect(find('cart', {})).rejects.toThrow('no pod or workload shop/cart: namespace shop has no pods, or is not there');
  });
});
