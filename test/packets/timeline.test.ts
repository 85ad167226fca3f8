import { describe, expect, test } from '@jest/globals';
import { captured } from '../report/captures.ts';

describe('the timeline of a capture', () => {
  test('has each query of the client, with its latency', () => {
    const { timeline } = captured(() => ({}));
    expect(timeline?.point).toBe('c1');
    expect(timeline?.exchanges).toHaveLength(80);
    expect(timeline?.exchanges.every(({ latencyMs }) => latencyMs !== null && latencyMs > 0)).toBe(true);
  });

  test('shows what was not answered', () => {
    const lost = captured((via) => ({ lostRequest: via === 'b' })).timeline?.exchanges.filter(({ latencyMs }) => latencyMs === null);
    expect(lost).toHaveLength(40);
  });

  test('is in order of time', () => {
    const times = captured((via) => ({ droppedInPod: via === 'b' })).timeline?.exchanges.map(({ atMs }) => atMs) ?? [];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(0);
  });
});
