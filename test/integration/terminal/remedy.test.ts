import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChangeDocument } from '../../../src/cli/change-output.ts';
import { kubeconfig, type Laboratory, laboratory, onCluster, until } from '../check/lab/cluster.ts';
import { medic, type Ran } from '../check/lab/medic.ts';

const home = 'dns-medic-test-terminal';
const configMap = '/api/v1/namespaces/kube-system/configmaps/coredns';
const deployment = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';

onCluster('a remedy at a terminal', () => {
  let lab: Laboratory;
  let state: string;
  let config: string;

  const settings = (more = ''): string => `probe: {namespace: ${home}}\nclusters: {here: {kubeconfig: ${kubeconfig}${more}}}\n`;
  const run = (args: readonly string[], watch?: Parameters<typeof medic>[1]): Promise<Ran> =>
    medic(args, { env: { XDG_STATE_HOME: state }, limitMs: 120_000, ...watch });
  const remedy = (args: readonly string[], watch?: Parameters<typeof medic>[1]): Promise<Ran> =>
    run(['remedy', ...args, '--config', config], watch);
  const document = ({ stdout, stderr }: Ran): ChangeDocument => {
    if (stdout === '') throw new Error(`nothing was printed: ${stderr.slice(-800)}`);
    return JSON.parse(stdout) as ChangeDocument;
  };
  const replicas = async (): Promise<number> => (await lab.get(deployment))['spec'].replicas as number;
  const ready = async (count: number): Promise<true | null> =>
    (await lab.get(deployment))['status'].readyReplicas === count ? true : null;

  beforeAll(async () => {
    lab = laboratory();
    await lab.namespace(home);
    config = lab.file('dns-medic.yaml', settings());
    state = join(config, '..', 'state');
  }, 60_000);
  afterAll(() => lab.forget(), 60_000);

  test('is shown and not carried out with --dry-run, and leaves no order', async () => {
    const ran = await remedy(['restart-coredns', 'here', '--dry-run', '--json']);
    expect([ran.status, document(ran).plan?.remedy, document(ran).order]).toEqual([0, 'restart-coredns', null]);
    expect(existsSync(join(state, 'dns-medic', 'orders'))).toBe(false);
  }, 60_000);

  test('is not carried out where nobody can be asked and nobody said yes', async () => {
    const ran = await remedy(['restart-coredns', 'here']);
    expect([ran.status, ran.stderr.split('\n').at(-2)]).toEqual([64, expect.stringContaining('say it again with --yes')]);
    expect(ran.stdout).toContain('restart-coredns  here');
  }, 60_000);

  test.each([
    ['read-only', ', readOnly: true', '', 1, 'Nothing may be changed in here: it is read-only in dns-medic.yaml.'],
    ['production', ', environment: production', '', 64, 'a reason is asked for here: --reason TEXT'],
    [
      'frozen',
      '',
      `policy: {team: T1, rules: [], changes: [{clusters: ['*'], freeze: [{from: 2020-01-01T00:00Z, to: 2999-01-01T00:00Z, says: launch}]}]}\n`,
      1,
      'Changes rest now: launch.',
    ],
  ])(
    'is refused in a cluster that is %s before anything is asked of it',
    async (what, more, policy, status, says) => {
      const file = lab.file(`${what}.yaml`, settings(more) + policy);
      const ran = await run(['remedy', 'restart-coredns', 'here', '--yes', '--config', file]);
      expect([ran.status, ran.stderr.trim()]).toEqual([status, expect.stringContaining(says)]);
    },
    60_000,
  );

  test('needs the name of a production cluster beside --yes', async () => {
    const file = lab.file('named.yaml', settings(', environment: production'));
    const ran = await run(['remedy', 'restart-coredns', 'here', '--yes', '--reason', 'a test', '--config', file]);
    expect([ran.status, ran.stderr.split('\n').at(-2)]).toEqual([64, expect.stringContaining('--yes --type-name here')]);
  }, 60_000);

  test('stops after the pod that is being replaced on Ctrl-C', async () => {
    const before = await lab.pods('kube-system');
    let once = false;
    const ran = await remedy(['restart-coredns', 'here', '--yes'], {
      watch: (kill, said) => {
        // the look before is over: the first pod is on its way
        if (once || !said.includes('Looking at the cluster before')) return;
        once = true;
        setTimeout(() => kill('SIGINT'), 1_000);
      },
    });
    const after = await lab.pods('kube-system');
    expect(before.filter((name) => name.startsWith('coredns-') && !after.includes(name))).toHaveLength(1);
    expect([ran.status, ran.stdout]).toEqual([2, expect.stringContaining('STOPPED IN BETWEEN  restart-coredns  here')]);
    expect(ran.stderr).toContain('stopping: what is begun is brought to its end (again: now)');
    await until('CoreDNS is ready', () => ready(2));
  }, 90_000);

  test('scales CoreDNS, proves it, and undoes it by the first ten digits of its order', async () => {
    const before = await replicas();
    await lab.patch(deployment, { spec: { replicas: 1 } });
    try {
      await until('one CoreDNS pod', () => ready(1));
      const ran = await remedy(['scale-coredns', 'here', '-p', 'replicas=2', '--yes', '--json']);
      const scaled = document(ran);
      expect([ran.status, scaled.state, scaled.result?.proof, await replicas()]).toEqual([0, 'done', 'fixed', 2]);
      const undone = await run(['undo', (scaled.order ?? '').slice(0, 10), '--yes', '--json', '--config', config]);
      expect([undone.status, document(undone).state, await replicas()]).toEqual([0, 'undone', 1]);
      const again = await run(['undo', scaled.order ?? '', '--yes', '--config', config]);
      expect([again.status, again.stderr.trim()]).toEqual([0, `order ${scaled.order?.slice(0, 10)} is undone already`]);
    } finally {
      await lab.patch(deployment, { spec: { replicas: before } });
      await until('CoreDNS is ready', () => ready(before));
    }
  }, 180_000);

  const corefile = async (): Promise<string> => (await lab.get(configMap))['data'].Corefile as string;

  /** The newest order of this test's state. */
  const order = (): string => {
    const orders = join(state, 'dns-medic', 'orders');
    const [newest] = readdirSync(orders)
      .filter((name) => name.endsWith('.json'))
      .toSorted((one, other) => statSync(join(orders, other)).mtimeMs - statSync(join(orders, one)).mtimeMs);
    return (newest ?? '').slice(0, 10);
  };

  test.each([
    ['while it waits for the end', 'on until'],
    ['in the middle', 'Looking at the cluster before'],
  ])(
    'leaves a query log on where its process is killed %s, and undo switches it off, byte for byte',
    async (_when, seen) => {
      const before = await corefile();
      const lines = lab.file('lines.txt', '');
      const killed = await remedy(['enable-query-log', 'here', '-p', 'classes=all', '--yes'], {
        watch: (kill, said) => {
          if (said.includes(seen))
            void until('the log is on', async () => ((await corefile()) === before ? null : true)).then(() => kill('SIGKILL'));
        },
      });
      expect([killed.status, await corefile()]).toEqual([null, expect.stringContaining('log')]);
      try {
        const undone = await run(['undo', order(), '--yes', '--json', '--config', config, '--save-lines', lines]);
        expect([undone.status, document(undone).state, await corefile()]).toEqual([0, 'undone', before]);
      } finally {
        if ((await corefile()) !== before) await lab.patch(configMap, { data: { Corefile: before } });
      }
    },
    180_000,
  );

  test('has every move in the audit, which is whole', async () => {
    const verified = await run(['audit', 'verify', '--json']);
    expect([verified.status, (JSON.parse(verified.stdout) as { ok: boolean }).ok]).toEqual([0, true]);
    const exported = (await run(['audit', 'export'])).stdout.trim().split('\n');
    const actions = exported.map((line) => (JSON.parse(line) as { action: string }).action);
    expect(actions).toEqual(expect.arrayContaining(['requested', 'started', 'wrote', 'done', 'undo-requested', 'undo-started', 'undone']));
    expect(readdirSync(join(state, 'dns-medic', 'orders')).filter((name) => !name.endsWith('.json'))).toEqual([]);
  }, 60_000);
});
