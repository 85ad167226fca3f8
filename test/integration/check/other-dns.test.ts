import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Thing } from './lab/api.ts';
import { busybox, kubeconfig, type Laboratory, laboratory, onCluster, until } from './lab/cluster.ts';
import { alarms, check, type Ran, readingOf, reported } from './lab/medic.ts';
import { allowDns, makeDns, usualCorefile } from './lab/other-dns.ts';

const home = 'dns-medic-test-dns';
const address = '10.100.0.53';

const rest = usualCorefile
  .replace(/ {4}kubernetes [\s\S]*?\n {4}\}\n/, '')
  .replace(/ {4}(health|ready|prometheus|loop|reload)[^\n]*\n( {8}[^\n]*\n {4}\}\n)?/g, '');
const cluster = usualCorefile
  .replace('.:53', 'cluster.local:53 in-addr.arpa:53 ip6.arpa:53')
  .replace('    forward . /etc/resolv.conf\n    cache 30\n    loop\n', '');

/** Corefiles that CoreDNS takes and that look unlike the usual one, with the other files of their ConfigMaps. */
const corefiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  blocks: { Corefile: `${cluster}\n${rest}\nexample.org:53 corp.example:53 {\n    errors\n    forward . /etc/resolv.conf\n}\n` },
  imports: {
    Corefile: `(common) {\n    errors\n    loadbalance\n}\n.:53 {\n    import common\n    import body.conf\n}\nimport more.server\n`,
    'body.conf': usualCorefile.split('\n').slice(2, -3).join('\n'),
    'more.server': 'example.org:53 {\n    import common\n    forward . /etc/resolv.conf\n}\n',
  },
  crlf: { Corefile: usualCorefile.replaceAll('\n', '\r\n') },
  bom: { Corefile: `\uFEFF${usualCorefile}` },
  'no-newline': { Corefile: usualCorefile.trimEnd() },
  long: {
    Corefile:
      `# ${'comment '.repeat(40)}\n`
        .repeat(2800)
        .slice(0, 900_000)
        .replace(/[^\n]*$/, '') + usualCorefile,
  },
};

onCluster('CoreDNS elsewhere', () => {
  let lab: Laboratory;

  beforeAll(async () => {
    lab = laboratory();
    await lab.namespace(home);
    await allowDns(lab, home);
    await Promise.all([
      makeDns(lab, home, 'mydns', { Corefile: usualCorefile }, { replicas: 2, clusterIP: address }),
      ...Object.entries(corefiles).map(([name, data]) => makeDns(lab, home, name, data)),
    ]);
    const dnsConfig = {
      nameservers: [address],
      searches: [`${home}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'],
      options: [{ name: 'ndots', value: '5' }],
    };
    await lab.make('Pod', home, 'client', {
      spec: {
        dnsPolicy: 'None',
        dnsConfig,
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'app', image: busybox, imagePullPolicy: 'IfNotPresent', command: ['sleep', '100000'] }],
      },
    });
    const ready = async (): Promise<true | null> => {
      const { items } = await lab.get(`/api/v1/namespaces/${home}/pods`);
      const up = (items as Thing[]).filter((pod) =>
        pod['status'].conditions?.some((one: Thing) => one['type'] === 'Ready' && one['status'] === 'True'),
      );
      return up.length === Object.keys(corefiles).length + 3 ? true : null;
    };
    await until('every CoreDNS is ready', ready, 60_000);
  }, 120_000);
  afterAll(() => lab.forget(), 60_000);

  const checkDns = (name: string, args: readonly string[] = []): Promise<Ran> => {
    const file = lab.file(`${name}.yaml`, `dns: {namespace: ${home}, service: ${name}, selector: app=${name}}\n`);
    return check(kubeconfig, ['--config', file, ...args]);
  };

  test('in another namespace, under another label and name, as configured: healthy', async () => {
    const report = reported(await checkDns('mydns'));
    expect(alarms(report)).toEqual([]);
    expect(report.verdict.status).toBe('healthy');
    expect(report.readings.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  test('with a pod that asks it: healthy', async () => {
    const report = reported(await checkDns('mydns', ['--pod', `${home}/client`]));
    expect(alarms(report)).toEqual([]);
    expect(report.verdict.status).toBe('healthy');
  });

  test("not configured, a pod that asks it is no alarm about the cluster's own DNS", async () => {
    const report = reported(await check(kubeconfig, ['--pod', `${home}/client`]));
    expect(alarms(report).filter((alarm) => !alarm.startsWith('pod-'))).toEqual([]);
  });

  test.each(Object.keys(corefiles).map((name) => [name]))('a Corefile that CoreDNS takes (%s) raises no alarm', async (name) => {
    const ran = await checkDns(name, ['--quick']);
    const report = reported(ran);
    const single = (alarm: string): boolean => alarm.startsWith('coredns-single-point');
    expect(alarms(report).filter((alarm) => !single(alarm))).toEqual([]);
    expect(readingOf(report, 'corefile')).toBe('ok');
    expect(readingOf(report, 'lookups')).toBe('ok');
    expect(ran.ms).toBeLessThan(15_000);
    expect(ran.peakMiB).toBeLessThan(300);
  });
});
