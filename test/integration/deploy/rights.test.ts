import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { examine } from '../../../src/cli/doctor-questions.ts';
import { allNeeds } from '../../../src/cli/needs.ts';
import { connect, type ConnectedCluster } from '../../../src/cluster/connect.ts';
import { DEFAULTS } from '../../../src/config/load.ts';
import type { DoctorReport } from '../../../src/domain/doctor.ts';
import type { Lookups } from '../../../src/domain/lookups.ts';
import type { Permission } from '../../../src/domain/reading.ts';
import type { Bundle } from '../../../src/domain/report.ts';
import { missingRights } from '../../../src/report/doctor.ts';
import { read } from '../../deploy/files.ts';
import type { Thing } from '../check/lab/api.ts';
import { kubeconfig, type Laboratory, laboratory, shellless, until } from '../check/lab/cluster.ts';
import { alarms, check, medic, type Ran, reported } from '../check/lab/medic.ts';
import { accountName, actingAs, install, namespacesOf, renamed, uninstall } from './lab/installation.ts';
import { kubectl, objectsIn, rendered, withCluster } from './lab/kubectl.ts';
import { bindingsOf, type Lost, losses, namesOf, rightName, withoutRight } from './lab/rules.ts';

const name = 'rights';
const { home, probe } = namespacesOf(name);
const account = `${home}-worker`;
const settings = { ...DEFAULTS, probe: { ...DEFAULTS.probe, namespace: probe } };
const namespaces = { cluster: null, dns: 'kube-system', system: 'kube-system', probe, capture: null, pod: 'shop' } as const;
const api = '/apis/rbac.authorization.k8s.io/v1';
const needed = allNeeds()
  .map(({ permission }) => permission)
  .filter(({ optional }) => optional !== true);

const pathOf = ({ kind, metadata }: Thing): string =>
  kind === 'ClusterRole' ? `${api}/clusterroles/${metadata.name}` : `${api}/namespaces/${metadata.namespace}/roles/${metadata.name}`;

/** The needs that the roles give no more, by name: in a namespace a right is gone when neither that namespace's role nor one for the whole cluster has it. */
function expectedMissing(roles: readonly Thing[], bound: ReadonlyMap<string, readonly (string | null)[]>): string[] {
  const gives = (role: Thing, { group, resource, verb }: Permission): boolean =>
    (role['rules'] as Thing[]).some(
      (rule) => rule['apiGroups'].includes(group) && rule['resources'].includes(resource) && rule['verbs'].includes(verb),
    );
  const lacking = needed.filter((need) => {
    const place = namespaces[need.scope];
    return !roles.some((role) => {
      const places = bound.get(namesOf(role)) ?? [];
      return gives(role, need) && (places.includes(null) || (place !== null && places.includes(place)));
    });
  });
  return [...new Set(lacking.map((need) => rightName(need, namespaces[need.scope])))].toSorted();
}

withCluster('the roles of deploy/rbac', () => {
  let lab: Laboratory;
  let text: string;
  let file: string;
  let config: string;
  let port: ConnectedCluster;
  let roles: Thing[];
  let bound: Map<string, (string | null)[]>;
  const noticed = new Map<string, { missing: string[]; expected: string[] }>();

  const missing = async (): Promise<string[]> => {
    const report = await examine({ cluster: 'cluster-a', port, settings, podNamespace: 'shop', probe: false });
    return [...new Set(missingRights(report).map((right) => rightName(right, right.namespace)))].toSorted();
  };

  beforeAll(async () => {
    lab = laboratory();
    text = renamed(`${await rendered('target')}\n---\n${read('deploy/rbac/pod-example.yaml')}`, name);
    await install(text);
    file = lab.file('acting', actingAs(accountName(home, account)));
    config = lab.file('dns-medic.yaml', `probe: {namespace: ${probe}}\n`);
    port = await connect({ kind: 'kubeconfig', file, context: null }, process.env);
    const objects = objectsIn(text);
    roles = objects.filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role');
    bound = bindingsOf(objects);
    await until('the rights of the worker', async () => ((await missing()).length === 0 ? true : null));
    for (const lost of losses(roles)) noticed.set(lost.name, await without(lost));
  }, 300_000);

  afterAll(async () => {
    await port.close();
    await uninstall(text);
    await lab.forget();
  }, 120_000);

  /** Takes one right out of one role, asks the doctor until the API server's authorizer has heard of it, and puts it back. */
  async function without(lost: Lost): Promise<{ missing: string[]; expected: string[] }> {
    const poorer = roles.map((role) => (role === lost.role ? withoutRight(role, lost) : role));
    const expected = expectedMissing(poorer, bound);
    const changed = poorer[roles.indexOf(lost.role)] as Thing;
    await lab.patch(pathOf(lost.role), { rules: changed['rules'] });
    let seen: string[] = [];
    const look = async (): Promise<true | null> => ((seen = await missing()).join() === expected.join() ? true : null);
    await until(lost.name, look, 10_000).catch(() => null);
    await lab.patch(pathOf(lost.role), { rules: lost.role['rules'] });
    await until(`${lost.name} again`, async () => ((await missing()).length === 0 ? true : null), 10_000);
    return { missing: seen, expected };
  }

  test('give all that the doctor asks for', async () => {
    const ran = await medic(['doctor', '--kubeconfig', file, '--config', config, '--namespace', 'shop', '--json']);
    const report = JSON.parse(ran.stdout) as DoctorReport;
    expect([ran.status, missingRights(report), report.user]).toEqual([0, [], accountName(home, account)]);
    expect(report.rights.filter(({ optional, allowed }) => optional && allowed)).toEqual([]);
  });

  test('are no more than enough: a check of a named pod with them is healthy, and nothing is forbidden', async () => {
    const ran: Ran = await check(file, ['--config', config, '--pod', 'shop/cart']);
    const report = reported(ran);
    expect([report.verdict.status, alarms(report), ran.status]).toEqual(['healthy', [], 0]);
    expect(report.readings.filter(({ reason }) => reason === 'forbidden')).toEqual([]);
    expect(await lab.pods(probe)).toEqual([]);
  }, 90_000);

  test('let a probe pod be started and removed, in a namespace that enforces the strictest PodSecurity', async () => {
    const ran = await medic(['doctor', '--kubeconfig', file, '--config', config, '--try-probe', '--json']);
    const { probe: tried } = JSON.parse(ran.stdout) as { probe: { ok: boolean; message: string | null } };
    expect([tried.ok, tried.message]).toEqual([true, null]);
  }, 60_000);

  test('let a twin ask for a pod that has no shell, in that same namespace', async () => {
    const dnsConfig = { options: [{ name: 'ndots', value: '2' }] };
    const containers = [{ name: 'app', image: shellless, imagePullPolicy: 'IfNotPresent' }];
    await lab.make('Pod', 'shop', 'dns-medic-test-shellless', { spec: { dnsConfig, containers, terminationGracePeriodSeconds: 0 } });
    await kubectl(['wait', '-n', 'shop', 'pod/dns-medic-test-shellless', '--for=condition=Ready', '--timeout=30s']);
    const kept = lab.file('bundle.json', '');
    const report = reported(await check(file, ['--config', config, '--pod', 'shop/dns-medic-test-shellless', '--save', kept]));
    expect(report.readings.filter(({ reason }) => reason === 'forbidden')).toEqual([]);
    const { readings } = JSON.parse(readFileSync(kept, 'utf8')) as Bundle;
    const { sources } = (readings['lookups'] as unknown as { data: Pick<Lookups, 'sources'> }).data;
    expect(sources.map(({ how }) => how).toSorted()).toEqual(['probe', 'probe', 'twin']);
  }, 60_000);

  test('are had by the kubeconfig that docs/deploy.md makes', async () => {
    const [, block = ''] = /```sh\n(kubectl -n dns-medic apply[\s\S]*?)```/.exec(read('docs/deploy.md')) ?? [];
    const script = block.replaceAll('dns-medic-worker', account).replaceAll('-n dns-medic ', `-n ${home} `);
    const folder = mkdtempSync(join(tmpdir(), 'dns-medic-test-'));
    try {
      const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: kubeconfig };
      const { status, stderr } = spawnSync('sh', ['-eu', '-c', script], { cwd: folder, env, encoding: 'utf8', timeout: 30_000 });
      expect([status, stderr.replace(/^WARNING.*\n/gm, '')]).toEqual([0, '']);
      const ran = await medic(['doctor', '--kubeconfig', join(folder, 'cluster-a'), '--config', config, '--json']);
      expect([ran.status, (JSON.parse(ran.stdout) as DoctorReport).user]).toEqual([0, accountName(home, account)]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  test('do not reach what they are kept from', async () => {
    const refused = [
      `/api/v1/namespaces/${home}/secrets`,
      `/api/v1/namespaces/${probe}/secrets`,
      '/api/v1/secrets',
      `/api/v1/namespaces/${home}/configmaps`,
      '/api/v1/namespaces/shop/pods/any/log',
    ];
    const answers = await Promise.all(
      refused.map((path) =>
        port.get(path).then(
          () => `${path}: allowed`,
          (error: { reason?: string }) => error.reason,
        ),
      ),
    );
    expect(answers).toEqual(refused.map(() => 'forbidden'));
  });

  test('have no right that nobody would miss: without any one of them the doctor says so, and names just that', () => {
    process.stderr.write(`${noticed.size} rights, each taken out in turn\n`);
    expect(noticed.size).toBeGreaterThan(40);
    const unsaid = [...noticed].filter(([, { missing: said, expected }]) => said.length === 0 || said.join() !== expected.join());
    expect(unsaid).toEqual([]);
  });
});

withCluster('the rights of an EKS access entry', () => {
  let lab: Laboratory;
  let text: string;

  beforeAll(async () => {
    lab = laboratory();
    text = renamed(await rendered('target', ['eks-access']), 'group');
    await install(text);
  }, 120_000);
  afterAll(async () => {
    await uninstall(text);
    await lab.forget();
  }, 120_000);

  test('are those of the group', async () => {
    const config = lab.file('dns-medic.yaml', `probe: {namespace: ${namespacesOf('group').probe}}\n`);
    const doctor = async (groups: string[]): Promise<number | null> => {
      const file = lab.file('acting', actingAs('arn:aws:sts::111122223333:assumed-role/dns-medic/worker', groups));
      return (await medic(['doctor', '--kubeconfig', file, '--config', config])).status;
    };
    await until('the rights of the group', async () => ((await doctor(['dns-medic-test-group-worker'])) === 0 ? true : null));
    expect(await doctor(['somebody-else'])).toBe(1);
  }, 60_000);
});
