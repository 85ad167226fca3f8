import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kubeconfig, type Laboratory, laboratory, onCluster, until } from './lab/cluster.ts';
import { check, medic } from './lab/medic.ts';

const home = 'dns-medic-test-interrupted';

onCluster('a check that is interrupted', () => {
  let lab: Laboratory;
  let args: string[];
  beforeAll(async () => {
    lab = laboratory();
    await lab.namespace(home);
    args = ['--config', lab.file('dns-medic.yaml', `probe: {namespace: ${home}}\n`)];
  }, 60_000);
  afterAll(() => lab.forget(), 60_000);

  /** Ends the process once it has a probe pod; gives how it ended, and how long it took to end. */
  async function interruptedBy(signal: NodeJS.Signals): Promise<{ status: number | null; ms: number; said: string }> {
    let end: (signal: NodeJS.Signals) => void = () => undefined;
    // plain lines of progress, as for people: the first gives the handle on the process
    const running = medic(['check', '--kubeconfig', kubeconfig, ...args], { watch: (kill) => (end = kill) });
    await until('a probe pod', async () => ((await lab.pods(home)).length > 0 ? true : null));
    const sent = Date.now();
    end(signal);
    const ran = await running;
    return { status: ran.status, ms: Date.now() - sent, said: ran.stderr };
  }

  test.each([['SIGINT'], ['SIGTERM'], ['SIGHUP']] as const)('%s leaves no pod behind', async (signal) => {
    const { status, ms, said } = await interruptedBy(signal);
    expect(status).toBe(130);
    expect(ms).toBeLessThan(6_000);
    expect(said).toMatch(/ending: removing what was started/);
    expect(await lab.pods(home)).toEqual([]);
  });

  test('SIGKILL leaves pods, which sweep removes; it spares those that a check may still use', async () => {
    await interruptedBy('SIGKILL');
    const left = await lab.pods(home);
    expect(left.length).toBeGreaterThan(0);
    const careful = await medic(['sweep', '--kubeconfig', kubeconfig, ...args]);
    expect(careful).toMatchObject({ status: 0 });
    expect(careful.stdout).toMatch(/younger than \d+ s left alone/);
    const thorough = await medic(['sweep', '--all', '--kubeconfig', kubeconfig, ...args]);
    expect(thorough.status).toBe(0);
    left.forEach((name) => expect(thorough.stdout).toContain(`removed ${home}/${name}`));
    await until('the pods are gone', async () => ((await lab.pods(home)).length === 0 ? true : null), 10_000);
  });

  test('pods that were left end themselves', async () => {
    await interruptedBy('SIGKILL');
    const { items } = await lab.get(`/api/v1/namespaces/${home}/pods`);
    const seconds = (items as { spec: { activeDeadlineSeconds: number } }[]).map((pod) => pod.spec.activeDeadlineSeconds);
    expect(seconds.length).toBeGreaterThan(0);
    expect(Math.max(...seconds)).toBeLessThan(600);
  });

  test('--timeout ends a run with what is known by then', async () => {
    const ran = await check(kubeconfig, [
      '--config',
      lab.file('slow.yaml', `probe: {namespace: ${home}, image: "192.0.2.1/nobody/slow:1"}\n`),
      '--timeout',
      '5',
    ]);
    expect(ran.status).toBe(2);
    expect(ran.report?.readings.filter(({ status }) => status === 'ok').length).toBeGreaterThan(8);
    expect(ran.ms).toBeLessThan(12_000);
  });
});
