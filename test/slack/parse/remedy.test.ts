import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand } from '../../../src/slack/parse/parse.ts';
import type { RemedyKind } from '../../../src/slack/remedy-kind.ts';

const remedies: RemedyKind[] = [
  { id: 'restart-coredns', title: 'Restart CoreDNS', helps: '' },
  {
    id: 'scale-coredns',
    title: 'Scale CoreDNS',
    helps: '',
    paramHelp: { replicas: 'how many pods' },
    wrong: ({ replicas = '2' }) => (/^[2-9]$/.test(replicas) ? null : 'replicas is a number from 2 to 9.'),
  },
  { id: 'set-ndots', title: 'Set ndots', helps: '', paramHelp: { workload: 'NAMESPACE/NAME', value: 'dots' } },
  { id: 'delete-coredns-pod', title: 'Delete a pod', helps: '', paramHelp: { pod: 'its name' } },
];
const clusters = ['cluster-a', 'cluster-b'];
const parse = (text: string) => parseCommand(text, { clusters, remedies });
const wish = (id: string, params: object = {}, more: object = {}) => ({
  verb: 'remedy',
  cluster: 'cluster-a',
  remedy: { id, params },
  complaint: { pod: null, node: null, names: [], quick: false },
  reason: null,
  ...more,
});

describe('a remedy that is asked for', () => {
  test.each([
    ['remedy cluster-a restart-coredns', wish('restart-coredns')],
    ['remedy restart-coredns cluster-a', wish('restart-coredns')],
    ['Remedy cluster=cluster-a Restart-CoreDNS', wish('restart-coredns')],
    ['remedy cluster-a scale-coredns replicas=3', wish('scale-coredns', { replicas: '3' })],
    ['remedy cluster-a scale-coredns --param replicas=3', wish('scale-coredns', { replicas: '3' })],
    ['remedy scale-coredns cluster-a --replicas=“3”', wish('scale-coredns', { replicas: '3' })],
    ['remedy cluster-a set-ndots workload=shop/cart value=2', wish('set-ndots', { workload: 'shop/cart', value: '2' })],
    ['remedy cluster-a delete-coredns-pod pod=coredns-1', wish('delete-coredns-pod', { pod: 'coredns-1' })],
    [
      'remedy cluster-a restart-coredns pod=shop/cart name=api.example.com',
      wish('restart-coredns', {}, { complaint: { pod: 'shop/cart', node: null, names: ['api.example.com'], quick: false } }),
    ],
    [
      'remedy cluster-a scale-coredns reason="too few for replicas=9 & more"',
      wish('scale-coredns', {}, { reason: 'too few for replicas=9 & more' }),
    ],
    ['remedy cluster-a restart-coredns reason=stuck since 10:42', wish('restart-coredns', {}, { reason: 'stuck since 10:42' })],
    ['remedies', { verb: 'remedies' }],
  ])('%j is understood', (text, command) => {
    expect(parse(text)).toEqual(command);
  });

  test.each([
    ['remedy', 'no-cluster', null, null],
    ['remedy restart-coredns', 'no-cluster', null, null],
    ['remedy cluster-a', 'no-remedy', null, null],
    ['remedy clustr-a restart-coredns', 'unknown-cluster', 'clustr-a', 'remedy cluster-a restart-coredns'],
    ['remedy restart-coredns clustr-a', 'unknown-cluster', 'clustr-a', 'remedy restart-coredns cluster-a'],
    ['remedy cluster-a restart-corends', 'unknown-remedy', 'restart-corends', 'remedy cluster-a restart-coredns'],
    ['remedy cluster-a reboot', 'unknown-remedy', 'reboot', null],
    ['remedy cluster-a scale-coredns replicas=', 'no-value', 'replicas', null],
    ['remedy cluster-a scale-coredns replicas=12', 'bad-param', null, null],
    ['remedy cluster-a scale-coredns replicas=3 replicas=4', 'bad-param', 'replicas', null],
    ['remedy cluster-a scale-coredns replica=3', 'unknown-word', 'replica=3', 'remedy cluster-a scale-coredns replicas=3'],
    ['remedy cluster-a restart-coredns replicas=3', 'unknown-word', 'replicas=3', null],
    ['remedy cluster-a restart-coredns quick', 'unknown-word', 'quick', 'remedy cluster-a restart-coredns reason=quick'],
    ['remedy cluster-a restart-coredns it hangs', 'unknown-word', 'it', 'remedy cluster-a restart-coredns reason=it hangs'],
    ['remedy cluster-a restart-coredns pod=cart', 'bad-value', 'cart', null],
    ['remedy cluster-a restart-coredns reason=', 'no-value', 'reason', null],
    ['remedis', 'unknown-word', 'remedis', 'remedies'],
  ])('%j is not understood: %s', (text, problem, word, didYouMean) => {
    expect(parse(text)).toMatchObject({ verb: 'usage', problem, word, didYouMean });
  });

  test('is only ever one that there is, for a cluster that there is, with its own parameters', () => {
    const words = fc.constantFrom(
      'remedy',
      'cluster-a',
      'clustr-a',
      'scale-coredns',
      'set-ndots',
      'replicas=3',
      'pod=a/b',
      'reason=x',
      '__proto__=1',
      '--',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 8 })), { maxLength: 8 }), (said) => {
        const read = parse(`remedy ${said.join(' ')}`);
        const named = read.verb === 'remedy' ? remedies.find(({ id }) => id === read.remedy.id) : null;
        const foreign =
          read.verb === 'remedy' ? Object.keys(read.remedy.params).filter((key) => !Object.hasOwn(named?.paramHelp ?? {}, key)) : [];
        expect(['remedy', 'usage']).toContain(read.verb);
        expect(named).not.toBeUndefined();
        expect([foreign, read.verb === 'remedy' && !clusters.includes(read.cluster)]).toEqual([[], false]);
      }),
    );
  });
});
