import { describe, expect, test } from '@jest/globals';
import type { ProbePods, ProbeSpec } from '../../src/cluster/probe-port.ts';
import { corednsMetrics } from '../../src/collect/coredns-metrics.ts';
import type { Directive, SystemPod } from '../../src/domain/coredns.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { context, fakePort } from './fake-port.ts';
import { fakeProbes } from './fake-probes.ts';
import { ok } from './fixture.ts';
import { corednsPod, corefileWith, node } from './readings.ts';

const collect = async (
  probes: ProbePods | null,
  pods: SystemPod[],
  directives: Partial<Directive>[] = [{ name: 'prometheus', args: [':9153'] }],
  request: object = {},
) => {
  const have = {
    'coredns-pods': ok('coredns-pods', { items: pods, complete: true }),
    nodes: ok('nodes', { total: 2, complete: true, items: [node('a'), node('b')] }),
    corefile: ok('corefile', corefileWith(directives)),
  };
  return schemas['coredns-metrics'].parse(await corednsMetrics.collect({ ...context(fakePort({}), { have, request }), probes })).pods;
};
const output =
  '#dns-medic 0 0 HTTP/1.0 200 OK\ncoredns_panics_total 2\nprocess_resident_memory_bytes 5e+07\n\n#dns-medic 1 1 nc: timed out\n\n';

describe('coredns-metrics', () => {
  test('each pod is read from a probe pod beside one of them', async () => {
    const started: ProbeSpec[] = [];
    const pods = await collect(
      fakeProbes(() => output, started),
      [corednsPod('c1', 'b'), corednsPod('c2', 'b')],
      undefined,
      { node: 'a' },
    );
    expect(pods.map(({ pod, node: on, panics, residentBytes, unreadable }) => ({ pod, on, panics, residentBytes, unreadable }))).toEqual([
      { pod: 'c1', on: 'b', panics: 2, residentBytes: 5e7, unreadable: null },
      { pod: 'c2', on: 'b', panics: null, residentBytes: null, unreadable: 'nc: timed out' },
    ]);
    expect(started).toEqual([{ node: 'b', dnsPolicy: 'ClusterFirst', role: 'probe' }]);
  });

  test.each([
    [[{ name: 'prometheus', args: ['0.0.0.0:9253'] }], 9253],
    [[{ name: 'prometheus', args: ['{$POD_IP}:9154'] }], 9154],
    [[{ name: 'prometheus', args: [':99999'] }], 9153],
  ])('the port stands in the Corefile: %j', async (directives, port) => {
    const scripts: string[] = [];
    await collect(
      fakeProbes((script) => (scripts.push(script), output)),
      [corednsPod('c1', 'a')],
      directives,
    );
    expect(scripts[0]).toContain(`"$2" ${port} `);
  });

  test.each([[[{ name: 'errors' }]], [[{ name: 'prometheus' }]], [[{ name: 'prometheus', args: ['127.0.0.1:9153'] }]]])(
    'with %j there is nothing to read from outside',
    async (directives) => {
      await expect(
        collect(
          fakeProbes(() => output),
          [corednsPod('c1', 'a')],
          directives,
        ),
      ).rejects.toMatchObject({ reason: 'missing' });
    },
  );

  test('without probe pods it is skipped, without running pods it is missing', async () => {
    await expect(collect(null, [corednsPod('c1', 'a')])).rejects.toMatchObject({ reason: 'skipped' });
    await expect(
      collect(
        fakeProbes(() => ''),
        [corednsPod('c1', 'a', { ip: null })],
      ),
    ).rejects.toMatchObject({ reason: 'missing' });
  });
});
