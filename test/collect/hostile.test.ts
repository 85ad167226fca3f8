import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { Json } from '../../src/cluster/port.ts';
import { clusterClass } from '../../src/collect/cluster-class.ts';
import type { Collector } from '../../src/collect/collector.ts';
import { corednsEvents } from '../../src/collect/coredns-events.ts';
import { corednsPods } from '../../src/collect/coredns-pods.ts';
import { corednsWorkload } from '../../src/collect/coredns-workload.ts';
import { dnsService } from '../../src/collect/dns-service.ts';
import { endpointSlices } from '../../src/collect/endpoint-slices.ts';
import { namedServices } from '../../src/collect/named-services.ts';
import { nodes } from '../../src/collect/nodes.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { ok, recorded } from './collected.ts';
import { type Answers, context, fakePort } from './fake-port.ts';

const collectors = [
  nodes,
  clusterClass,
  corednsWorkload,
  corednsPods,
  corednsEvents,
  dnsService,
  endpointSlices,
  namedServices,
] as Collector[];
const junk: readonly unknown[] = [
  null,
  undefined,
  0,
  -1,
  1e308,
  '',
  'x',
  true,
  [],
  [null],
  [[]],
  {},
  { a: null },
  { constructor: 1, length: -1 },
];

/** Every value of an object exchanged for junk, one copy for each. */
function* spoiled(value: Json, filler: unknown): Generator<Json> {
  for (const path of paths(value, [])) {
    const copy = structuredClone(value);
    let here: Json = copy;
    for (const key of path.slice(0, -1)) here = here[key];
    here[path.at(-1) as string] = filler;
    yield copy;
  }
}

function* paths(value: unknown, before: readonly (string | number)[]): Generator<(string | number)[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...before, key];
    yield path;
    yield* paths(inner, path);
  }
}

const all = { ...recorded, '/apis/apps/v1/daemonsets': [] };
const good = context(fakePort(all));
const have = {
  nodes: ok('nodes', await nodes.collect(good)),
  'coredns-workload': ok('coredns-workload', await corednsWorkload.collect(good)),
  'dns-service': ok('dns-service', await dnsService.collect(good)),
};

/** Whether it gives data that fits, or else fails as it should; anything else that it throws is thrown on. */
async function outcome(collector: Collector, answers: Record<string, unknown>): Promise<'data' | 'failure'> {
  const request = { names: ['a.shop', 'b.kube-system'], pod: 'shop/x' };
  try {
    const data = await collector.collect(context(fakePort(answers as Answers), { request, have }));
    schemas[collector.id].parse(data);
    return 'data';
  } catch (error) {
    if (error instanceof Failure) return 'failure';
    throw error;
  }
}

/** What the collector reads of the recorded cluster. */
async function sourcesOf(collector: Collector): Promise<[string, unknown][]> {
  const port = fakePort(all);
  await collector.collect(context(port, { have, request: { names: ['a.kube-system'] } }));
  const asked = port.requests.map((request) => (request.split(' ')[1] ?? '').split('?')[0] ?? '');
  return Object.entries(recorded).filter(([path]) => asked.some((one) => one === path || one.startsWith(`${path}/`)));
}

describe.each(collectors.map((collector) => [collector.id, collector] as const))('%s', (_, collector) => {
  test('survives any value in any place', async () => {
    let tried = 0;
    for (const [path, held] of await sourcesOf(collector)) {
      const first = (Array.isArray(held) ? held[0] : held) as Json;
      for (const filler of [null, ...junk.filter((_junk, index) => index % 3 === 0)]) {
        for (const copy of spoiled(first, filler)) {
          expect(['data', 'failure']).toContain(await outcome(collector, { ...all, [path]: Array.isArray(held) ? [copy] : copy }));
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(50);
  });

  test('survives items that are no objects', async () => {
    for (const filler of junk.slice(2)) {
      const answers = Object.fromEntries(Object.keys(all).map((path) => [path, [filler, {}]]));
      expect(['data', 'failure']).toContain(await outcome(collector, answers));
    }
  });
});
