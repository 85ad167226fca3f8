import { describe, expect, test } from '@jest/globals';
import {
  isClusterName,
  isHostName,
  isImage,
  isLabelKey,
  isLabelName,
  isLabelValue,
  isObjectName,
  isSelector,
} from '../../src/config/kubernetes-names.ts';

const letters = (count: number): string => 'a'.repeat(count);

describe.each([
  ['isLabelName', isLabelName, ['a', 'kube-system', '0a', letters(63)], ['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a\n', letters(64)]],
  ['isObjectName', isObjectName, ['a.b-c.d', letters(253)], ['', 'a..b', '.a', 'a.', 'a/b', letters(254)]],
  [
    'isHostName',
    isHostName,
    ['amazon.com', 'amazon.com.', 'A.b', '_dns._udp.x', 'x'],
    ['', '.', 'a..b', '-a.b', 'a b', 'a.b..', `${letters(64)}.com`],
  ],
  [
    'isLabelKey',
    isLabelKey,
    ['a', 'A.b_c', 'example.com/a', `${letters(253)}/${letters(63)}`],
    ['', '/a', 'a/', 'a/b/c', 'A.com/a', '-a', letters(64)],
  ],
  ['isLabelValue', isLabelValue, ['', 'A.b_c', letters(63)], ['-a', 'a b', 'a/b', letters(64)]],
  ['isSelector', isSelector, ['k8s-app=kube-dns', 'a=b,example.com/c='], ['', 'a', 'a=b,', '=b', 'a=b=c', 'a==b', 'a in (b)']],
  [
    'isImage',
    isImage,
    ['busybox', 'r.example:5000/a/B:v1', `a@sha256:${letters(64)}`],
    ['', '-a', 'a b', 'a@sha256:a', 'https//a?b', letters(513)],
  ],
  [
    'isClusterName',
    isClusterName,
    ['cluster-a', 'arn:aws:eks:eu-west-1:1:cluster/x', 'me@c.eksctl.io'],
    ['', '-a', '__proto__', 'a b', letters(254)],
  ],
] as const)('%s', (_name, rule, good, bad) => {
  test.each(good)('takes %j', (text) => expect(rule(text)).toBe(true));
  test.each(bad)('refuses %j', (text) => expect(rule(text)).toBe(false));
});
