import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { collectors } from '../../../src/collect/registry.ts';
import { Bundle } from '../../../src/domain/report.ts';
import { diagnose } from '../../../src/flows/diagnose.ts';
import { recordedCollectors, recordedPort } from '../../../src/lab/replay/collectors.ts';

const recorded = Bundle.parse(
  JSON.parse(readFileSync(new URL('../../bundles/corefile-forward-unreachable.json', import.meta.url), 'utf8')),
);
/** The same, in no time. */
const bundle: Bundle = {
  ...recorded,
  readings: Object.fromEntries(Object.entries(recorded.readings).map(([id, reading]) => [id, { ...reading, durationMs: 0 }])),
};

describe('a recorded cluster', () => {
  test('gives the readings that were recorded, through the steps of a run', async () => {
    const steps: string[] = [];
    const run = await diagnose({
      id: '0123456789',
      port: recordedPort(bundle),
      probes: null,
      collectors: recordedCollectors(bundle, collectors),
      request: bundle.run.request,
      settings: { dns: { namespace: 'kube-system', service: null, selector: null }, probe: {} as never, capture: {} as never, names: [] },
      signal: new AbortController().signal,
      now: () => 0,
      onStep: ({ event, id }) => steps.push(`${event} ${id}`),
    });
    const plain = (readings: Bundle['readings']): unknown =>
      Object.fromEntries(Object.entries(readings).map(([id, reading]) => [id, reading.status === 'ok' ? reading.data : reading.message]));
    expect(plain(run.readings)).toEqual(plain(bundle.readings));
    expect(steps).toContain('end lookups');
    expect(run.cost).toEqual(bundle.cost);
  });

  test('ends when it is told to', async () => {
    const slow = { ...bundle, readings: { nodes: { id: 'nodes', status: 'ok' as const, data: {}, durationMs: 60_000 } } };
    const [nodes] = recordedCollectors(slow, collectors);
    await expect(nodes?.collect({ signal: AbortSignal.abort() } as never)).rejects.toThrow(/abort/i);
  });
});
