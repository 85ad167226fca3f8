import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checks } from '../../../src/checks/registry.ts';
import type { Report } from '../../../src/domain/report.ts';
import { atOnce } from './lab/at-once.ts';
import { type Laboratory, laboratory, onCluster } from './lab/cluster.ts';
import { alarms, check, type Ran, reported } from './lab/medic.ts';
import { accountWith, declared, nameOf, places, without } from './lab/rights.ts';

/** The readings that fail for want of one right, by what is lost; those not named here lose nothing that shows on a healthy cluster. */
const lost: Readonly<Record<string, readonly string[]>> = {
  'list nodes (cluster)': ['nodes', 'cluster-class'],
  'list pods (dns)': ['coredns-pods', 'coredns-logs', 'coredns-metrics', 'kube-proxy', 'kube-proxy-config', 'kube-proxy-logs'],
  'list daemonsets.apps (dns)': ['cluster-class', 'kube-proxy', 'kube-proxy-config', 'kube-proxy-logs'],
  'get configmaps (dns)': ['corefile', 'kube-proxy-config'],
  'list events (dns)': ['coredns-events'],
  'list endpointslices.discovery.k8s.io (dns)': ['endpoint-slices'],
  'get pods/log (dns)': ['coredns-logs', 'kube-proxy-logs'],
  'create pods (probe)': ['coredns-metrics'],
  'list pods (probe)': ['coredns-metrics'],
  'get pods/exec (probe)': ['coredns-metrics'],
  'list networkpolicies.networking.k8s.io (dns)': ['network-policies'],
  'list networkpolicies.networking.k8s.io (pod)': ['network-policies'],
  'list pods (pod)': ['pod'],
  'get namespaces (cluster)': ['named-services'],
  'list services (dns)': ['named-services'],
  'list services (cluster)': ['named-services'],
};

const foreign = ['crd.projectcalico.org', 'cilium.io', 'policy.networking.k8s.io'];

const failed = (report: Report): string[] =>
  report.readings
    .filter(({ status }) => status === 'failed')
    .map(({ id }) => id)
    .toSorted();
const codes = (report: Report): string[] => [...new Set(report.findings.map(({ code }) => code))];
const namedServices = (name: string): boolean => lost[name]?.includes('named-services') === true;

/** A check that needs a failed reading must say so, with the reading's own words. */
function unsaid(report: Report): string[] {
  return checks.flatMap(({ id, requires }) => {
    const missing = requires.filter((reading) => report.readings.some((one) => one.id === reading && one.status === 'failed'));
    const said = report.checks.find((one) => one.id === id);
    const words = missing.map((reading) => report.readings.find((one) => one.id === reading)?.message ?? '');
    const well = missing.length === 0 || (said?.status === 'unknown' && words.every((message) => said.reason?.includes(message)));
    return well ? [] : [`${id}: ${said?.status} ${said?.reason}`];
  });
}

onCluster('rights', () => {
  let lab: Laboratory;
  const all = declared();
  // policies of engines that are not in the cluster: lost together
  const others = all.filter(({ group }) => foreign.includes(group));
  const each = all.filter((one) => !others.includes(one));
  const ran = new Map<string, Ran>();
  const report = (name: string): Report =>
    reported(ran.get(name) ?? { status: null, stdout: '', stderr: 'was not run', ms: 0, peakMiB: 0, report: null });

  beforeAll(async () => {
    lab = laboratory();
    await lab.namespace(places.probe);
    const config = lab.file('dns-medic.yaml', `probe: {namespace: ${places.probe}}\n`);
    const sets = [
      { name: 'all', rights: all },
      { name: 'needed', rights: all.filter(({ optional }) => optional !== true) },
      { name: 'none', rights: [] },
      // a Service that is not there: only then Services are looked for
      { name: 'all, with a name', rights: all },
      { name: 'no engines', rights: all.filter((one) => !others.includes(one)) },
      ...each.map((one) => ({ name: nameOf(one), rights: without(all, one) })),
    ];
    await atOnce(4, [...sets.entries()], async ([index, { name, rights }]) => {
      const file = await accountWith(lab, `reader-${index}`, rights);
      const asked = name === 'all, with a name' || namedServices(name) ? ['--name', 'nobody.shop'] : [];
      ran.set(name, await check(file, ['--config', config, '--quick', '--pod', 'shop/cart', ...asked]));
    });
  }, 240_000);
  afterAll(() => lab.forget(), 60_000);

  test.each([['all'], ['needed'], ['no engines']])(
    'with the rights that the collectors declare (%s) the cluster is healthy and nothing is forbidden',
    (name) => {
      expect(alarms(report(name))).toEqual([]);
      expect(report(name).verdict.status).toBe('healthy');
      expect(failed(report(name))).toEqual([]);
      expect(ran.get(name)?.status).toBe(0);
    },
  );

  test('with no rights at all: unknown, and each reading says what would allow it', () => {
    expect(ran.get('none')?.status).toBe(2);
    expect(report('none').findings).toEqual([]);
    const forbidden = report('none').readings.filter(({ reason }) => reason === 'forbidden');
    expect(forbidden.length).toBeGreaterThan(8);
    expect(forbidden.filter(({ allow }) => allow === null)).toEqual([]);
  });

  describe.each(each.map((one) => [nameOf(one), one] as const))('without the right to %s', (name, right) => {
    const whole = namedServices(name) ? 'all, with a name' : 'all';

    test('the rest of the run goes on', () => {
      expect(failed(report(name))).toEqual([...(lost[name] ?? [])].toSorted());
      expect(codes(report(name)).filter((code) => !codes(report(whole)).includes(code))).toEqual([]);
      expect([0, 1, 2]).toContain(ran.get(name)?.status);
      expect(ran.get(name)?.stderr).not.toMatch(/\n {4}at /);
    });

    test('what is missing is said, with the rule that allows it', () => {
      const readings = report(name).readings.filter(({ status }) => status === 'failed');
      expect(readings.filter(({ reason }) => reason !== 'forbidden' && reason !== 'skipped')).toEqual([]);
      const forbidden = readings.filter(({ reason }) => reason === 'forbidden');
      expect(forbidden.filter(({ allow }) => allow?.includes(right.resource) !== true)).toEqual([]);
      expect(unsaid(report(name))).toEqual([]);
    });
  });

  test('pods stay behind only where they may not be deleted; that is said, with their names', async () => {
    const left = await lab.pods(places.probe);
    const said = ran.get('delete pods (probe)')?.stderr ?? '';
    expect(left.length).toBeGreaterThan(0);
    left.forEach((name) => expect(said).toContain(`${places.probe}/${name}`));
    expect(said).toMatch(/probe pods were left behind: .*may not delete pods/);
    expect(report('delete pods (probe)').verdict.status).toBe('healthy');
  });
});
