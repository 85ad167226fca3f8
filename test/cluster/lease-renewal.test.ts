import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { holdChangeLease } from '../../src/cluster/change-lease.ts';
import type { ClusterPort, Json } from '../../src/cluster/port.ts';

/** One Lease, that is as patient with signals as the API server. */
function oneLease() {
  let lease: Json | null = null;
  let renewals = 0;
  const heed = (signal?: AbortSignal): void => signal?.throwIfAborted();
  const missing = (): never => {
    throw Object.assign(new Error('not found'), { reason: 'missing' });
  };
  const port = {
    get: async (_path: string, _query: unknown, options: { signal?: AbortSignal } = {}) => {
      heed(options.signal);
      return lease ?? missing();
    },
    patch: async (_path: string, body: Json, _type: string, options: { signal?: AbortSignal } = {}) => {
      heed(options.signal);
      renewals += 1;
      lease = { metadata: { ...lease?.['metadata'], resourceVersion: `${renewals}` }, spec: { ...lease?.['spec'], ...body['spec'] } };
      return lease;
    },
  } as unknown as ClusterPort;
  lease = { metadata: { resourceVersion: '0' }, spec: { holderIdentity: '', leaseDurationSeconds: 30, renewTime: '' } };
  return { port, renewals: () => renewals };
}

afterEach(() => {
  jest.useRealTimers();
});

describe('a lease that is held', () => {
  test('is renewed also after somebody has stopped what it is held for: that is brought to its end', async () => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
    let now = 0;
    const { port, renewals } = oneLease();
    const stopping = new AbortController();
    const options = {
      namespace: 'dns-medic',
      holder: 'me',
      change: 'c'.repeat(32),
      waitMs: 1_000,
      signal: stopping.signal,
      clock: () => now,
    };
    const lease = await holdChangeLease(port, options);
    const before = renewals();
    stopping.abort();
    for (let second = 0; second < 60; second += 1) {
      now += 1_000;
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(lease.lost.aborted).toBe(false);
    expect(renewals()).toBeGreaterThan(before + 3);
    await lease.release();
  });
});
