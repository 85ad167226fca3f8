import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NamedPod } from '../../../src/domain/pod.ts';
import { readFileSync } from 'node:fs';
import type { Thing } from './lab/api.ts';
import { busybox, kubeconfig, label, type Laboratory, laboratory, onCluster, shellless, until } from './lab/cluster.ts';
import { alarms, check, type Ran, readingOf, reported } from './lab/medic.ts';

const home = 'dns-medic-test-pods';

const container = (name: string, image: string, more: Thing = {}): Thing => ({ name, image, imagePullPolicy: 'IfNotPresent', ...more });
const sleeper = (more: Thing = {}): Thing => container('app', busybox, { command: ['sleep', '100000'], ...more });
const spec = (containers: readonly Thing[], more: Thing = {}): Thing => ({ containers, terminationGracePeriodSeconds: 0, ...more });
const template = (app: string, podSpec: Thing): Thing => ({ metadata: { labels: { app } }, spec: podSpec });
const selector = (app: string): Thing => ({ matchLabels: { app } });

/** Prints two megabytes on stderr and stdout whenever its shell starts. */
const noisy = sleeper({
  env: [{ name: 'ENV', value: '/noise' }],
  command: ['sh', '-c', "echo 'yes noise | head -c 2000000; yes noise | head -c 2000000 >&2' >/noise; exec sleep 100000"],
});

onCluster('the pod of the complaint', () => {
  let lab: Laboratory;
  let number = 0;

  beforeAll(async () => {
    lab = laboratory();
    await lab.namespace(home);
    const pods: Record<string, Thing> = {
      pending: spec([sleeper()], { nodeSelector: { 'dns-medic-test/no-such-node': 'true' } }),
      second: spec([container('quiet', shellless), sleeper()]),
      done: spec([container('app', busybox, { command: ['true'] })], { restartPolicy: 'Never' }),
      host: spec([sleeper()], { hostNetwork: true }),
      crash: spec([container('app', busybox, { command: ['false'] })]),
      readonly: spec([sleeper({ securityContext: { readOnlyRootFilesystem: true, runAsUser: 12345 } })]),
      noisy: spec([noisy]),
      away: spec([container('app', 'registry.invalid/nobody/nothing:v1')]),
      starved: spec([sleeper({ resources: { limits: { memory: '6Mi', cpu: '50m' } } })]),
    };
    await Promise.all([
      ...Object.entries(pods).map(([name, podSpec]) => lab.make('Pod', home, name, { spec: podSpec })),
      lab.make('Deployment', home, 'web', {
        spec: { replicas: 1, selector: selector('web'), template: template('web', spec([sleeper()])) },
      }),
      lab.make('StatefulSet', home, 'db', {
        spec: { serviceName: 'db', selector: selector('db'), template: template('db', spec([sleeper()])) },
      }),
      lab.make('DaemonSet', home, 'agent', { spec: { selector: selector('agent'), template: template('agent', spec([sleeper()])) } }),
      lab.make('Job', home, 'import', {
        spec: { template: { metadata: { labels: { app: 'import', ...label } }, spec: spec([sleeper()], { restartPolicy: 'Never' }) } },
      }),
      lab.make('Deployment', home, 'idle', {
        spec: { replicas: 0, selector: selector('idle'), template: template('idle', spec([sleeper()])) },
      }),
    ]);
    const settled = async (): Promise<true | null> => {
      const { items } = await lab.get(`/api/v1/namespaces/${home}/pods`);
      const restarts =
        (items as Thing[]).find((pod) => pod['metadata'].name === 'crash')?.['status'].containerStatuses?.[0]?.restartCount ?? 0;
      const waiting = (items as Thing[]).filter((pod) => pod['status'].phase === 'Pending').map((pod) => pod['metadata'].name as string);
      return restarts > 0 && waiting.toSorted().join() === 'away,pending' && items.length >= 13 ? true : null;
    };
    await until('the pods run', settled, 60_000);
  }, 120_000);
  afterAll(() => lab.forget(), 60_000);

  /** A quick check with a pod; gives the run and what it saw of the pod. */
  async function checkPod(name: string, ...args: string[]): Promise<{ ran: Ran; pod: NamedPod }> {
    const file = lab.file(`bundle-${number++}.json`, '');
    const ran = await check(kubeconfig, ['--quick', '--pod', name, '--save', file, ...args]);
    reported(ran);
    const bundle = JSON.parse(readFileSync(file, 'utf8')) as Thing;
    expect(readingOf(reported(ran), 'pod')).toBe('ok');
    return { ran, pod: bundle['readings'].pod.data as NamedPod };
  }

  test.each([
    ['pending', /node\(s\) didn't match|nodes are available/],
    ['away', /ImagePullBackOff|ErrImagePull/],
    ['crash', /CrashLoopBackOff|Error|Failed/],
    ['done', /Completed|Succeeded/],
  ])('one that does not run (%s) is said not to run, and nothing is asked in it', async (name, why) => {
    const { ran, pod } = await checkPod(`${home}/${name}`);
    expect(pod.notRunning).toMatch(why);
    expect(pod.resolvConfHow).not.toBe('exec');
    expect(pod.notes.join()).toMatch(/does not run/);
    expect(alarms(reported(ran)).filter((alarm) => !alarm.startsWith('pod-not-running'))).toEqual([]);
    expect(ran.ms).toBeLessThan(15_000);
  });

  test.each([
    ['web', /^web-/, 'Deployment/web'],
    ['db', /^db-0$/, 'StatefulSet/db'],
    ['agent', /^agent-/, 'DaemonSet/agent'],
    ['import', /^import-/, 'Job/import'],
  ])('one that is named by its workload (%s)', async (name, pattern, owner) => {
    const { ran, pod } = await checkPod(`${home}/${name}`, '--no-probe-pods');
    expect(pod.name).toMatch(pattern);
    expect(pod.owner).toBe(owner);
    expect(pod.resolvConfHow).toBe('exec');
    expect([ran.status, alarms(reported(ran))]).toEqual([0, []]);
  });

  test('a workload without pods: 64, and says so', async () => {
    const ran = await check(kubeconfig, ['--quick', '--no-probe-pods', '--pod', `${home}/idle`]);
    expect(ran).toMatchObject({ status: 64, stdout: '' });
    expect(ran.stderr).toContain(`Deployment ${home}/idle has no pods`);
  });

  test('only the second container has a shell: it is asked from that one', async () => {
    const { ran, pod } = await checkPod(`${home}/second`, '--no-probe-pods');
    expect(pod.execContainer).toBe('app');
    expect(pod.resolvConf?.nameservers).toEqual(['10.100.0.10']);
    expect(ran.status).toBe(0);
  });

  test('no shell: a stand-in shows what it would see', async () => {
    const { ran, pod } = await checkPod('shop/pay');
    expect(pod.execContainer).toBeNull();
    expect(pod.notes.join('\n')).toMatch(/pay/);
    expect([ran.status, alarms(reported(ran))]).toEqual([0, []]);
  });

  test('no shell, with --ephemeral: it is asked from a container beside it', async () => {
    const name = 'alone';
    await lab.make('Pod', home, name, { spec: spec([container('app', shellless)]) });
    await until('it runs', async () =>
      (await lab.get(`/api/v1/namespaces/${home}/pods/${name}`))['status'].phase === 'Running' ? true : null,
    );
    const { ran } = await checkPod(`${home}/${name}`, '--ephemeral');
    const { spec: now } = await lab.get(`/api/v1/namespaces/${home}/pods/${name}`);
    expect(now['ephemeralContainers']).toHaveLength(1);
    expect([ran.status, alarms(reported(ran))]).toEqual([0, []]);
  });

  test('a pod on the host network asks the resolver of its node, which is not called wrong without need', async () => {
    const { ran, pod } = await checkPod(`${home}/host`);
    expect(pod.hostNetwork).toBe(true);
    expect(alarms(reported(ran)).filter((alarm) => !alarm.startsWith('pod-hostnetwork-clusterfirst'))).toEqual([]);
  });

  test.each([['readonly'], ['noisy'], ['starved']])('an awkward container (%s) is no trouble', async (name) => {
    const { ran, pod } = await checkPod(`${home}/${name}`, '--no-probe-pods');
    expect(pod.resolvConf?.nameservers).toEqual(['10.100.0.10']);
    expect(alarms(reported(ran))).toEqual([]);
    expect(ran.ms).toBeLessThan(20_000);
    expect(ran.peakMiB).toBeLessThan(300);
  });
});
