import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lookups } from '../../../src/domain/lookups.ts';
import type { Bundle, Report } from '../../../src/domain/report.ts';
import { type Laboratory, laboratory, until } from '../check/lab/cluster.ts';
import { alarms, check, medic, type Ran, readingOf, reported } from '../check/lab/medic.ts';
import { accountName, actingAs, install, namespacesOf, renamed, uninstall, untilRolledOut } from './lab/installation.ts';
import { kubectl, objectsIn, rendered, textOf, withCluster } from './lab/kubectl.ts';

const name = 'resident';
const { home, probe } = namespacesOf(name);
const daemonSet = `${home}-resident-probe`;

withCluster('the resident probe', () => {
  let lab: Laboratory;
  let text: string;
  let file: string;
  let config: string;
  let nodes: number;
  const took = { own: [] as Report[], resident: [] as Report[] };

  const run = async (more: readonly string[] = []): Promise<Ran> => check(file, ['--config', config, ...more]);

  beforeAll(async () => {
    lab = laboratory();
    text = renamed(await rendered('target', ['resident-probe']), name);
    file = lab.file('acting', actingAs(accountName(home, `${home}-worker`)));
    config = lab.file('dns-medic.yaml', `probe: {namespace: ${probe}}\n`);
    const objects = objectsIn(text);
    nodes = ((await lab.get('/api/v1/nodes'))['items'] as unknown[]).length;
    await install(textOf(objects.filter(({ kind }) => kind !== 'DaemonSet')));
    await until('the rights of the worker', async () =>
      (await medic(['doctor', '--kubeconfig', file, '--config', config])).status === 0 ? true : null,
    );
    for (let round = 0; round < 3; round += 1) took.own.push(reported(await run()));
    await kubectl(['apply', '-f', '-'], text);
    await untilRolledOut('daemonset', probe, daemonSet);
    for (let round = 0; round < 3; round += 1) took.resident.push(reported(await run()));
  }, 300_000);

  afterAll(async () => {
    await uninstall(text);
    await lab.forget();
  }, 120_000);

  test('runs on every node, in a namespace that enforces the strictest PodSecurity', async () => {
    expect(await lab.pods(probe)).toHaveLength(nodes);
  });

  test('is what a check asks from: the check is healthy though it may start no pods', async () => {
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${probe}/roles/${home}-worker`;
    const { rules } = (await lab.get(path)) as { rules: { resources: string[]; verbs: string[] }[] };
    await lab.patch(path, {
      rules: rules.map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => verb !== 'create' || !rule.resources.includes('pods')) })),
    });
    try {
      await until('no more right to start pods', async () => {
        const { stdout } = await medic(['doctor', '--kubeconfig', file, '--config', config, '--json']);
        const { rights } = JSON.parse(stdout) as { rights: { verb: string; resource: string; allowed: boolean }[] };
        return rights.some(({ verb, resource, allowed }) => verb === 'create' && resource === 'pods' && !allowed) ? true : null;
      });
      const kept = lab.file('bundle.json', '');
      const ran = await run(['--save', kept]);
      const report = reported(ran);
      expect([report.verdict.status, alarms(report), ran.status]).toEqual(['healthy', [], 0]);
      expect(['lookups', 'coredns-metrics', 'kubelets'].map((id) => readingOf(report, id))).toEqual(['ok', 'ok', 'ok']);
      const { readings } = JSON.parse(readFileSync(kept, 'utf8')) as Bundle;
      const { sources } = (readings['lookups'] as unknown as { data: Pick<Lookups, 'sources'> }).data;
      const pods = await lab.pods(probe);
      expect(sources.map(({ how }) => how)).toEqual(Array.from({ length: Math.min(nodes, 2) }, () => 'probe'));
      expect(sources.filter(({ pod }) => !pods.some((one) => pod.endsWith(one)))).toEqual([]);
    } finally {
      await lab.patch(path, { rules });
    }
  }, 90_000);

  test('stays when a run ends, and when what runs left behind is swept', async () => {
    const before = (await lab.pods(probe)).toSorted();
    await medic(['sweep', '--kubeconfig', file, '--config', config]);
    expect((await lab.pods(probe)).toSorted()).toEqual(before);
  });

  test('spares a check the wait for pods to start, and what it asks of the API server for them', () => {
    const inWords = (reports: readonly Report[]): string => reports.map(({ run: { durationMs } }) => durationMs).join(', ');
    process.stderr.write(
      `check with probe pods of its own: ${inWords(took.own)} ms; with the resident probe: ${inWords(took.resident)} ms\n`,
    );
    const requests = (reports: readonly Report[]): number[] => reports.map(({ cost }) => cost.apiRequests);
    expect(Math.max(...requests(took.resident))).toBeLessThan(Math.min(...requests(took.own)));
  });
});
