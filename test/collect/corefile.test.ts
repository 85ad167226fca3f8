import { describe, expect, test } from '@jest/globals';
import { corefile } from '../../src/collect/corefile.ts';
import type { CorednsWorkload } from '../../src/domain/coredns.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { context, fakePort } from './fake-port.ts';
import { fixture, ok } from './fixture.ts';
import { workload } from './readings.ts';

const path = '/api/v1/namespaces/kube-system/configmaps';
/** Logged by the CoreDNS that ran with the recorded ConfigMap. */
const logged =
  '8a7d59126e7f114ab49c6d2613be93d8ef7d408af8ee61a710210843dc409f03133727e38f64469d9bb180f396c84ebf48a42bde3b3769730865ca9df5eb281c';
const recorded = () => fixture('coredns-configmap.json');
const withText = (text: unknown) => ({ ...recorded(), data: { Corefile: text } });

const collect = async (configMap: unknown, of: Partial<CorednsWorkload> | null = {}) => {
  const have = of === null ? {} : { 'coredns-workload': ok('coredns-workload', workload(of)) };
  return schemas.corefile.parse(await corefile.collect(context(fakePort({ [path]: [configMap as never] }), { have })));
};

describe('corefile', () => {
  test('the recorded one parses, and has the hash that its CoreDNS logged', async () => {
    const { text, servers, ...rest } = await collect(recorded());
    expect(rest).toEqual({
      namespace: 'kube-system',
      configMap: 'coredns',
      key: 'Corefile',
      bytes: Buffer.byteLength(text),
      resourceVersion: '298',
      changedAt: '2026-11-23T07:03:41Z',
      managers: ['kubectl-client-side-apply'],
      error: null,
      opaque: [],
      sha512: logged,
    });
    expect(servers[0]?.directives.map(({ name }) => name)).toContain('kubernetes');
    expect(text).toBe(recorded().data.Corefile);
  });

  test('without a workload it is looked for where it usually is', async () => {
    expect((await collect(recorded(), null)).sha512).toBe(logged);
  });

  test("the workload's volume says which ConfigMap and key", async () => {
    const configMap = { metadata: { name: 'dns' }, data: { 'my.conf': '. {\n}\n' } };
    expect(await collect(configMap, { configMap: 'dns', corefileKey: 'my.conf' })).toMatchObject({
      configMap: 'dns',
      key: 'my.conf',
      changedAt: null,
      managers: [],
    });
  });

  test('a syntax error, an unknown directive and an option that the version has not are told apart', async () => {
    expect((await collect(withText('.:53 {\n  errors\n'))).error).toMatchObject({ kind: 'syntax' });
    expect((await collect(withText('.:53 {\n  lg\n}\n'))).error).toMatchObject({ kind: 'directive', line: 2 });
    const upstream = '.:53 {\n  kubernetes cluster.local {\n    upstream\n  }\n}\n';
    expect((await collect(withText(upstream))).error).toMatchObject({ kind: 'option', line: 3 });
    expect((await collect(withText(upstream), { version: '1.6.5' })).error).toBeNull();
  });

  test('only managers of the Corefile itself count, and the newest of their times', async () => {
    const entry = (manager: string, time: string, key: string) => ({ manager, time, fieldsV1: { 'f:data': { [key]: {} } } });
    const configMap = recorded();
    configMap.metadata.managedFields = [
      entry('eks', '2026-11-01T00:00:00Z', 'f:Corefile'),
      entry('kubectl-edit', '2026-11-02T00:00:00Z', 'f:Corefile'),
      entry('other', '2026-11-03T00:00:00Z', 'f:other'),
      entry('odd', 'yesterday', 'f:Corefile'),
      null,
    ];
    expect(await collect(configMap)).toMatchObject({ changedAt: '2026-11-02T00:00:00Z', managers: ['eks', 'kubectl-edit', 'odd'] });
  });

  test('imports and environment variables are named, and leave no hash', async () => {
    const { opaque, sha512 } = await collect(withText('.:{$PORT} {\n  import custom/*.override\n}\n'));
    expect(opaque).toHaveLength(2);
    expect(sha512).toBeNull();
  });

  test('a text with hidden secrets has no hash, since it is not the text that CoreDNS reads', async () => {
    const { opaque, sha512 } = await collect(withText('. {\n  route53 a:b {\n    aws_access_key id [redacted]\n  }\n}\n'));
    expect(opaque).toEqual(['secrets in it are hidden']);
    expect(sha512).toBeNull();
  });

  test('a long text is parsed whole and kept in part', async () => {
    const text = `# ${'ü'.repeat(40_000)}\n. {\n  errors\n}\n`;
    const data = await collect(withText(text));
    expect(data.servers).toHaveLength(1);
    expect(data.bytes).toBe(Buffer.byteLength(text));
    expect(Buffer.byteLength(data.text)).toBeLessThanOrEqual(65_536);
    expect(text.startsWith(data.text)).toBe(true);
    expect(data.opaque[0]).toMatch(/only the first 65536/);
  });

  test('no ConfigMap or no such key is missing', async () => {
    await expect(collect({ metadata: { name: 'x' } })).rejects.toMatchObject({ reason: 'missing' });
    await expect(collect(withText(5))).rejects.toMatchObject({ reason: 'missing' });
    await expect(collect({ metadata: { name: 'coredns' }, data: 'x' })).rejects.toMatchObject({ reason: 'missing' });
  });
});
