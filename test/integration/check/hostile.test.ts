import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Thing } from './lab/api.ts';
import { busybox, kubeconfig, type Laboratory, laboratory, onCluster, until } from './lab/cluster.ts';
import { check, medic, reported } from './lab/medic.ts';

const home = 'dns-medic-test-hostile';

/** What nobody should see on a terminal: escape sequences, other control characters, overrides of the writing direction. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** A megabyte in one line, binary, and lines of CoreDNS that hold escape sequences; then it idles. */
const garbage = String.raw`
printf '\033[2J\033]0;owned\007\033[31m[ERROR] plugin/errors: 2 \033[1mexample.com\033[0m. A: read udp 10.0.0.1:1->\033[5m10.0.0.2:53: i/o timeout\n'
printf '[ERROR] plugin/errors: 2 evil\xe2\x80\xaetxt. A: dial tcp \x9b31m: connect: connection refused\n'
printf '[FATAL] plugin/loop: Loop (127.0.0.1:\033[31m -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 1.2."\n'
head -c 1500000 /dev/zero | tr '\0' 'A'; echo
head -c 300000 /dev/urandom; echo
i=0; while [ $i -lt 3000 ]; do printf '[ERROR] plugin/errors: 2 \033[3%dmname%d.example.com. A: read udp 10.0.0.1:1->10.0.0.2:53: i/o timeout\n' $((i%8)) $i; i=$((i+1)); done
head -c 1500000 /dev/zero | tr '\0' 'B'; echo
exec sleep 100000`;

onCluster('what comes from a cluster is hostile', () => {
  let lab: Laboratory;
  let args: string[];

  beforeAll(async () => {
    lab = laboratory();
    await lab.namespace(home);
    const labels = { app: 'mydns' };
    const container = {
      name: 'coredns',
      image: busybox,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', garbage],
      args: [],
      terminationMessagePolicy: 'FallbackToLogsOnError',
    };
    const corefile = `.:53 {\n  errors\n  # \u001b[31mred\u001b[0m\n  fo\u001b[5mrward . 1.1.1.1\n}\n`;
    await Promise.all([
      lab.make('ConfigMap', home, 'coredns', { data: { Corefile: corefile } }),
      lab.make('Deployment', home, 'mydns', {
        metadata: { annotations: { note: '\u001b[31m' } },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container], terminationGracePeriodSeconds: 0 } },
        },
      }),
      lab.make('Service', home, 'mydns', {
        spec: { clusterIP: '10.100.0.54', selector: labels, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
      }),
    ]);
    args = [
      '--config',
      lab.file('dns-medic.yaml', `dns: {namespace: ${home}, service: mydns, selector: app=mydns}\n`),
      '--kubeconfig',
      kubeconfig,
      '--no-probe-pods',
    ];
    const running = async (): Promise<true | null> => {
      const { items } = await lab.get(`/api/v1/namespaces/${home}/pods`);
      const names = (items as Thing[]).filter((pod) => pod['status'].phase === 'Running').map((pod) => pod['metadata'].name as string);
      return names.length === 2 ? true : null;
    };
    await until('the fakes run', running);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  }, 60_000);
  afterAll(() => lab.forget(), 60_000);

  test('logs of megabytes, binary, with escape sequences: bounded, and nothing of it reaches the terminal', async () => {
    const ran = await medic(['check', ...args], { env: { NO_COLOR: '1' } });
    expect([0, 1, 2]).toContain(ran.status);
    expect(unprintable.exec(ran.stdout.replaceAll('\n', ''))).toBeNull();
    expect(unprintable.exec(ran.stderr.replaceAll('\n', ''))).toBeNull();
    expect(ran.stdout.length).toBeLessThan(60_000);
    expect(ran.ms).toBeLessThan(10_000);
    expect(ran.peakMiB).toBeLessThan(300);
  });

  test('as JSON and as a bundle too, and judged again', async () => {
    const bundle = lab.file('bundle.json', '');
    const ran = await check(kubeconfig, [...args, '--save', bundle]);
    expect(unprintable.exec(ran.stdout.trimEnd())).toBeNull();
    expect(reported(ran).readings.find(({ id }) => id === 'coredns-logs')?.status).toBe('ok');
    expect(ran.stdout.length).toBeLessThan(500_000);
    expect(readFileSync(bundle, 'utf8').length).toBeLessThan(2_000_000);
    const again = await medic(['judge', bundle], { env: { NO_COLOR: '1' } });
    expect(again.status).toBe(ran.status);
    expect(unprintable.exec(again.stdout.replaceAll('\n', ''))).toBeNull();
    const told = JSON.stringify(JSON.parse(readFileSync(bundle, 'utf8'))['readings']['coredns-logs']);
    expect(told).not.toMatch(/\\u001b/);
  });
});
