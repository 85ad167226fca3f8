import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { inCidr, normaliseIp } from '../../src/rules/cidr.ts';

describe('inCidr', () => {
  test.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3/32', true],
    ['10.1.2.4', '10.1.2.3/32', false],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['10.1.2.127', '10.1.2.0/25', true],
    ['10.1.2.128', '10.1.2.0/25', false],
    ['10.200.0.1', '10.1.2.3/8', true],
    ['fd00::1', 'fd00::/8', true],
    ['fe00::1', 'fd00::/8', false],
    ['fd00:0:0:1::5', 'fd00:0:0:1::/64', true],
    ['fd00:0:0:2::5', 'fd00:0:0:1::/64', false],
    ['2001:db8::1', '::/0', true],
    ['10.0.0.1', '::/0', false],
    ['fd00::1', '0.0.0.0/0', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['::ffff:a01:203', '10.1.2.3/32', true],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['11.1.2.3', '::ffff:10.0.0.0/104', false],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['010.1.2.3', '10.0.0.0/8', true],
    ['10.1.2', '10.0.0.0/8', null],
    ['10.1.2.256', '10.0.0.0/8', null],
    ['', '10.0.0.0/8', null],
    ['10.1.2.3', '10.0.0.0', null],
    ['10.1.2.3', '10.0.0.0/33', null],
    ['10.1.2.3', '10.0.0.0/', null],
    ['10.1.2.3', '10.0.0.0/8/8', null],
    ['fd00::1', 'fd00::/129', null],
    ['fe80::1', 'fe80::%eth0/10', null],
    ['10.1.2.3', '::ffff:0:0/90', null],
  ])('%s in %s: %p', (ip, cidr, expected) => {
    expect(inCidr(ip, cidr)).toBe(expected);
  });

  test('an address lies in every block around itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(fc.ipV4(), fc.nat(32)), fc.tuple(fc.ipV6(), fc.integer({ min: 96, max: 128 }))), ([ip, prefix]) => {
        expect(inCidr(ip, `${ip}/${prefix}`)).toBe(true);
      }),
    );
  });
});

describe('normaliseIp', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['010.000.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['0:0:0:0:0:ffff:a00:1', '10.0.0.1'],
    ['FD00:0DB8:0:0:0:0:0:1', 'fd00:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
    ['10:0:0:0:0:0:0:100', '10::100'],
  ])('%s is %s', (ip, expected) => {
    expect(normaliseIp(ip)).toBe(expected);
  });

  test.each([
    ':',
    ':::',
    '1::2::3',
    '1:2:3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'fe80::1%',
    '10.0.0.1::',
    '::10.0.0',
    '[::1]',
    'g::',
  ])('%s is no address', (ip) => {
    expect(normaliseIp(ip)).toBeNull();
  });

  test('is the same for an address however it is written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
        const full = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
        const short = normaliseIp(full);
        expect(short).not.toBeNull();
        expect(normaliseIp(short ?? '')).toBe(short);
        expect(normaliseIp(full.toUpperCase())).toBe(short);
      }),
    );
  });

  test('never throws, and what it gives is an address', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f:.%]{0,40}$/), (text) => {
        const ip = normaliseIp(text);
        expect(ip === null ? null : normaliseIp(ip)).toBe(ip);
      }),
    );
  });
});
