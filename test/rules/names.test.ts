import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { editDistance } from '../../src/rules/closest.ts';
import { closest, dotCount, isClusterName, serviceOfName } from '../../src/rules/names.ts';

const zone = 'cluster.local';

test.each([
  ['amazon.com', 1],
  ['amazon.com.', 1],
  ['cart', 0],
  ['cart.', 0],
  ['', 0],
  ['.', 0],
])('%p has %i dots', (name, expected) => {
  expect(dotCount(name)).toBe(expected);
});

test.each([
  ['cart.shop.svc.cluster.local', true],
  ['Cart.Shop.SVC.Cluster.Local.', true],
  ['cluster.local', true],
  ['cart.shop.svc', false],
  ['notcluster.local', false],
  ['cluster.local.example.com', false],
])('%s in the zone: %p', (host, expected) => {
  expect(isClusterName(host, zone)).toBe(expected);
  expect(isClusterName(host, `${zone}.`)).toBe(expected);
});

test('nothing is in a zone that is not known', () => {
  expect(isClusterName('cart.', '')).toBe(false);
});

describe('serviceOfName', () => {
  test.each([
    ['cart', 'cart', 'shop'],
    ['Cart', 'cart', 'shop'],
    ['cart.other', 'cart', 'other'],
    ['cart.other.svc', 'cart', 'other'],
    ['cart.other.svc.cluster.local', 'cart', 'other'],
    ['cart.other.svc.cluster.local.', 'cart', 'other'],
    ['web-0.cart.other.svc.cluster.local', 'cart', 'other'],
    ['10-0-0-1.cart.other.svc', 'cart', 'other'],
    ['_dns._udp.kube-dns.kube-system.svc.cluster.local.', 'kube-dns', 'kube-system'],
    ['_dns-tcp._tcp.kube-dns.kube-system.svc', 'kube-dns', 'kube-system'],
  ])('%s is the Service %s of %s', (host, service, namespace) => {
    expect(serviceOfName(host, zone, 'shop')).toEqual({ service, namespace });
  });

  test.each([
    '10-0-0-1.shop.pod.cluster.local',
    'cluster.local',
    'svc.cluster.local',
    'shop.svc.cluster.local',
    'cart.other.cluster.local',
    'api.example.com',
    'amazon.com.',
    'cart.',
    'a.b.cart.other.svc',
    '_dns._icmp.kube-dns.kube-system.svc',
    '10.0.0.1',
    'fd00::1',
    '-cart',
    'c art',
    '',
    '.',
    '..',
    'x'.repeat(64),
    'x.'.repeat(200),
  ])('%p is none', (host) => {
    expect(serviceOfName(host, zone, 'shop')).toBeNull();
  });

  test('a single label means nothing without a namespace', () => {
    expect(serviceOfName('cart', zone, null)).toBeNull();
    expect(serviceOfName('cart.shop', zone, null)).toEqual({ service: 'cart', namespace: 'shop' });
  });
});

describe('closest', () => {
  test('gives the nearest first, by distance and then by name', () => {
    expect(closest('paymnets', ['payments', 'payment', 'cart', 'payments-v2', 'paymants'])).toEqual(['payments', 'paymants', 'payment']);
  });

  test('offers nothing that could not be a slip', () => {
    expect(closest('a', ['xyz', 'b', 'ab'])).toEqual(['ab', 'b']);
    expect(closest('redis', ['postgres', 'kafka'])).toEqual([]);
    expect(closest('', ['a'])).toEqual([]);
  });

  test('leaves out the name itself and doubles, and stops at max', () => {
    expect(closest('cart', ['cart', 'carts', 'carts', 'card'], 1)).toEqual(['card']);
  });
});

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['ca', 'abc', 3],
  ])('of %p and %p is %i', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
  });

  test('is the same both ways, and zero only for equal texts', () => {
    const text = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });

  test('gives up on texts longer than a DNS name', () => {
    expect(editDistance('a'.repeat(300), 'a')).toBe(Infinity);
  });
});
