import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compareVersions, imageVersion, isOfficialCoredns } from '../../src/rules/image.ts';

const EKS = '602401143452.dkr.ecr.us-east-1.amazonaws.com/eks/coredns:v1.12.4-eksbuild.1';

test.each([
  [EKS, '1.12.4'],
  ['registry.k8s.io/coredns/coredns:v1.11.1', '1.11.1'],
  ['coredns/coredns:1.9', '1.9'],
  ['localhost:5000/coredns/coredns:1.10.0@sha256:abc', '1.10.0'],
  ['coredns/coredns:1.12.0-rc1', '1.12.0'],
  ['localhost:5000/coredns', null],
  ['coredns/coredns', null],
  ['coredns/coredns:latest', null],
  ['coredns/coredns:1.2.3.4', null],
  ['coredns/coredns@sha256:abc', null],
  ['', null],
])('the version of %p is %p', (image, expected) => {
  expect(imageVersion(image)).toBe(expected);
});

test.each([
  [EKS, true],
  ['registry.k8s.io/coredns/coredns:v1.11.1', true],
  ['k8s.gcr.io/coredns:1.6.7', true],
  ['coredns/coredns:1.9.4', true],
  ['docker.io/coredns/coredns', true],
  ['rancher/mirrored-coredns-coredns:1.12.3', true],
  ['harbor.example:8443/mirror/coredns/coredns:1.12.3', true],
  ['example.com/team/coredns:1.12.3', false],
  ['notcoredns/coredns:1.12.3', false],
  ['coredns:1.12.3', false],
  ['k8s-dns-kube-dns:1.22', false],
  ['', false],
])('%p is official: %p', (image, expected) => {
  expect(isOfficialCoredns(image)).toBe(expected);
});

describe('compareVersions', () => {
  test('orders versions by number, pre-releases before and rebuilds after', () => {
    const ordered = [
      '1.2.6',
      '1.9.4',
      '1.10.1',
      '1.12.0-alpha.1',
      '1.12.0-rc1',
      '1.12',
      '1.12.4',
      'v1.12.4-eksbuild.1',
      '1.12.4-eksbuild.10',
      '2',
    ];
    expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
  });

  test('a missing part is zero and a leading v nothing', () => {
    expect(compareVersions('v1.12', '1.12.0')).toBe(0);
  });

  test('is antisymmetric, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(compareVersions(a, b) + compareVersions(b, a)).toBe(0);
      }),
    );
  });
});
