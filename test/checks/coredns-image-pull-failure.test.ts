import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-image-pull-failure.ts';
import { corednsPod, corednsPods, healthyFacts } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const unpulled = {
  ready: false,
  phase: 'Pending',
  container: { state: 'waiting' as const, reason: 'ImagePullBackOff', message: 'Back-off pulling image', ready: false, startedAt: null },
};

describe('coredns-image-pull-failure', () => {
  test('passes when the pods run', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is high while another pod serves, critical when none does', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-pods': corednsPods([corednsPod(), corednsPod(unpulled, 1)]) })).severity).toBe('high');
    const all = theFinding(check, healthyFacts({ 'coredns-pods': corednsPods([corednsPod(unpulled), corednsPod(unpulled, 1)]) }));
    expect(all).toMatchObject({ severity: 'critical', args: { reason: 'ImagePullBackOff', count: 2 } });
  });
});
