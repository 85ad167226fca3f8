import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kubeconfig, type Laboratory, laboratory, onCluster } from './lab/cluster.ts';
import { check, medic, readingOf, reported } from './lab/medic.ts';
import { accountWith, declared } from './lab/rights.ts';

const home = 'dns-medic-test-probe';

onCluster('probe pods that cannot start', () => {
  let lab: Laboratory;
  const settings = (probe: string, name = 'dns-medic.yaml') => ['--config', lab.file(name, `probe: ${probe}\n`)];

  beforeAll(async () => {
    lab = laboratory();
    await Promise.all([
      lab.namespace(home),
      lab.namespace('dns-medic-test-rights'),
      lab
        .namespace('dns-medic-test-quota')
        .then(() => lab.make('ResourceQuota', 'dns-medic-test-quota', 'none', { spec: { hard: { pods: '0' } } })),
      lab.namespace('dns-medic-test-strict', {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'latest',
      }),
    ]);
  }, 60_000);
  afterAll(() => lab.forget(), 60_000);

  test('an image that is not there: it says which and why, and everything that needs no pod is read', async () => {
    const ran = await check(kubeconfig, settings(`{namespace: ${home}, image: "registry.invalid/nobody/nothing:v1"}`));
    const report = reported(ran);
    expect(ran.status).toBe(2);
    expect(report.verdict.sentence).toMatch(/the probe image registry\.invalid\/nobody\/nothing:v1 cannot be pulled/);
    expect(
      report.readings
        .filter(({ status }) => status === 'failed')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['coredns-metrics', 'lookups']);
    expect(report.findings).toEqual([]);
    expect(ran.ms).toBeLessThan(20_000);
    expect(await lab.pods(home)).toEqual([]);
  });

  test('an image that is not there, with a pod named: the lookups come from inside it', async () => {
    const ran = await check(kubeconfig, [
      ...settings(`{namespace: ${home}, image: "registry.invalid/nobody/nothing:v1"}`),
      '--pod',
      'shop/cart',
    ]);
    expect(reported(ran).verdict.status).toBe('healthy');
    expect(readingOf(reported(ran), 'coredns-metrics')).toMatch(/nothing:v1 cannot be pulled/);
  });

  test('an image without a shell', async () => {
    const report = reported(await check(kubeconfig, settings(`{namespace: ${home}, image: "docker.io/lab/distroless:1"}`)));
    expect(report.verdict.status).toBe('unknown');
    expect(report.verdict.sentence).toMatch(/probe container (cannot be started|ended at once)|shell/);
  });

  test('an image without dig', async () => {
    const report = reported(await check(kubeconfig, settings(`{namespace: ${home}, image: "docker.io/library/busybox:1.35"}`)));
    expect(report.verdict.status).toBe('unknown');
    expect(report.verdict.sentence).toMatch(/dig/);
    expect(report.findings).toEqual([]);
  });

  test('a quota', async () => {
    const report = reported(await check(kubeconfig, settings('{namespace: dns-medic-test-quota}')));
    expect(report.verdict).toMatchObject({ status: 'unknown' });
    expect(report.verdict.sentence).toMatch(
      /the quota of namespace dns-medic-test-quota does not allow the probe pod: .*exceeded quota: none/,
    );
    expect(report.findings).toEqual([]);
  });

  test('PodSecurity restricted lets them in', async () => {
    const ran = await check(kubeconfig, settings('{namespace: dns-medic-test-strict}'));
    expect(reported(ran).verdict.status).toBe('healthy');
    expect(await lab.pods('dns-medic-test-strict')).toEqual([]);
  });

  test('a namespace that is not there and may not be made: it says which right is missing', async () => {
    const file = await accountWith(lab, 'no-namespaces', declared());
    const ran = await check(file, settings('{namespace: dns-medic-test-absent}'));
    const { verdict, readings } = reported(ran);
    expect(ran.status).toBe(2);
    expect(verdict.sentence).toMatch(/dns-medic-test-absent/);
    const lookups = readings.find(({ id }) => id === 'lookups');
    expect(lookups?.reason).toBe('forbidden');
    expect(lookups?.allow).toMatch(/(pods|namespaces)/);
  });

  test('a namespace that is not there is made where that is allowed', async () => {
    const ran = await check(kubeconfig, settings('{namespace: dns-medic-test-made}'));
    expect(reported(ran).verdict.status).toBe('healthy');
    await lab.remove('/api/v1/namespaces/dns-medic-test-made');
  });

  test('--no-probe-pods makes nothing, and asks from inside the named pod', async () => {
    const before = await lab.get('/api/v1/pods');
    const ran = await check(kubeconfig, ['--no-probe-pods', '--pod', 'shop/cart', ...settings('{namespace: dns-medic-test-never}')]);
    const after = await lab.get('/api/v1/pods');
    const names = (list: typeof before) =>
      (list['items'] as (typeof before)[]).map((pod) => `${pod['metadata'].namespace}/${pod['metadata'].name}`).toSorted();
    expect(names(after)).toEqual(names(before));
    expect(reported(ran).verdict.status).toBe('healthy');
    expect(readingOf(reported(ran), 'lookups')).toBe('ok');
    expect(readingOf(reported(ran), 'coredns-metrics')).toMatch(/^skipped: probe pods were not wanted/);
    await expect(lab.get('/api/v1/namespaces/dns-medic-test-never')).rejects.toThrow(/404/);
  });

  test('the report for people says what could not be looked at', async () => {
    const { stdout, status } = await medic(['check', '--kubeconfig', kubeconfig, ...settings('{namespace: dns-medic-test-quota}')]);
    expect(status).toBe(2);
    expect(stdout).toMatch(/Could not be looked at/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/the quota of namespace dns-medic-test-quota does not allow the probe pod/);
  });
});
