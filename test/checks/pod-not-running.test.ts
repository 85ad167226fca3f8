import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/pod-not-running.ts';
import { healthyFacts, namedPod } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

describe('pod-not-running', () => {
  test('a pod that runs passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('one that does not is said, but is no cause', () => {
    const pod = namedPod({ phase: 'Pending', notRunning: 'ImagePullBackOff' });
    expect(theFinding(check, healthyFacts({ pod }))).toMatchObject({ severity: 'info', args: { reason: 'ImagePullBackOff' } });
  });
});
