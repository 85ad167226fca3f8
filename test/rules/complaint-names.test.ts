import { describe, expect, test } from '@jest/globals';
import { hostNamed, nodeNamed, podNamed } from '../../src/rules/complaint-names.ts';

describe('a name in a complaint', () => {
  test.each([
    ['shop/cart', 'shop/cart'],
    ['pod/shop/cart-1', 'shop/cart-1'],
    ['pods/shop/cart.1', 'shop/cart.1'],
    ['cart', null],
    ['shop/', null],
    ['Shop/cart', null],
    ['a/b/c', null],
    ['shop/cart;reboot', null],
    [`shop/${'x'.repeat(254)}`, null],
  ])('%s as a pod is %s', (text, meant) => {
    expect(podNamed(text)).toBe(meant);
  });

  test.each([
    ['ip-10-0-0-1.ec2.internal', 'ip-10-0-0-1.ec2.internal'],
    ['Node', null],
    ['', null],
    ['-x', null],
  ])('%s as a node is %s', (text, meant) => {
    expect(nodeNamed(text)).toBe(meant);
  });

  test.each([
    ['api.Example.com.', 'api.Example.com.'],
    ['_sip._tcp.example.com', '_sip._tcp.example.com'],
    ['localhost', 'localhost'],
    ['a..b', null],
    ['', null],
    ['.', null],
    ['http://x', null],
    [`${'x'.repeat(64)}.com`, null],
    ['x.'.repeat(127), null],
  ])('%s as a host is %s', (text, meant) => {
    expect(hostNamed(text)).toBe(meant);
  });
});
