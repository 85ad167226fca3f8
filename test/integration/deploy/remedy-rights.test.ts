import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { examine } from '../../../src/cli/doctor-questions.ts';
import { connect, type ConnectedCluster } from '../../../src/cluster/connect.ts';
import { DEFAULTS } from '../../../src/config/load.ts';
import type { DoctorReport } from '../../../src/domain/doctor.ts';
import { remedies } from '../../../src/remedies/registry.ts';
import { doctorStatus } from '../../../src/report/doctor.ts';
import { read } from '../../deploy/files.ts';
import type { Thing } from '../check/lab/api.ts';
import { type Laboratory, laboratory, until } from '../check/lab/cluster.ts';
import { accountName, actingAs, install, namespacesOf, renamed, uninstall } from './lab/installation.ts';
import { kubectl, objectsIn, rendered, textOf, withCluster } from './lab/kubectl.ts';
import { type Lost, losses, namesOf, rightName, withoutRight } from './lab/rules.ts';

const name = 'mends';
const { home, probe, capture } = namespacesOf(name);
const settings = { ...DEFAULTS, probe: { ...DEFAULTS.probe, namespace: probe }, capture: { namespace: capture } };

/** The remedies that lack something, with what. */
const lacking = ({ remedies: rights = [] }: DoctorReport): string[] =>
  rights.flatMap(({ lacks }) => lacks.map((right) => rightName(right, right.namespace)));

withCluster('the roles of components/remedies and components/capture', () => {
  let lab: Laboratory;
  let reading: string;
  let text: string;
  let port: ConnectedCluster;
  let alone: DoctorReport;
  let roles: Thing[];

  const examined = (): Promise<DoctorReport> => examine({ cluster: 'cluster-a', port, settings, podNamespace: 'shop', probe: false });

  beforeAll(async () => {
    lab = laboratory();
    reading = renamed(await rendered('target'), name);
    await install(reading);
    const file = lab.file('acting', actingAs(accountName(home, `${home}-worker`)));
    port = await connect({ kind: 'kubeconfig', file, context: null }, process.env);
    await until('the rights of the worker', async () => (lacking(await examined()).length > 0 ? true : null));
    alone = await examined();
    const mending = `${await rendered('target', ['remedies', 'capture'])}\n---\n${read('deploy/components/remedies/pod-example.yaml')}`;
    text = renamed(mending, name);
    await kubectl(['apply', '-f', '-'], text);
    const before = objectsIn(reading).map(namesOf);
    roles = objectsIn(text).filter((object) => String(object['kind']).endsWith('Role') && !before.includes(namesOf(object)));
    let still: string[] = [];
    const isThere = async (): Promise<true | null> => ((still = lacking(await examined())).length === 0 ? true : null);
    await until('the rights of the remedies', isThere).catch(() => {
      throw new Error(`the roles do not give: ${still.join(', ')}`);
    });
  }, 120_000);

  afterAll(async () => {
    await port.close();
    await uninstall(text);
    await lab.forget();
  }, 120_000);

  test('are lacked by a worker that only reads, which is well all the same', () => {
    expect(
      doctorStatus({ ...alone, rights: alone.rights.filter(({ onlyWithPod, namespace }) => !onlyWithPod && namespace !== 'shop') }),
    ).toBe('well');
    expect(alone.remedies?.filter(({ lacks }) => lacks.length === 0)).toEqual([]);
  });

  test('are given by what the doctor prints', async () => {
    const printed = objectsIn(alone.remedyRbac ?? '');
    const given = printed.filter(({ kind }) => String(kind).endsWith('Role')).flatMap(({ rules }) => rules as Thing[]);
    expect(given.length).toBeGreaterThan(0);
    await kubectl(['apply', '--dry-run=server', '-f', '-'], textOf(printed));
  });

  test('are all that the remedies need, and none that nobody would miss', async () => {
    const unsaid: string[] = [];
    const apply = (role: Thing): Promise<string> => kubectl(['apply', '-f', '-'], textOf([role]));
    const without = async (lost: Lost): Promise<void> => {
      await apply(withoutRight(lost.role, lost));
      const noticed = await until(lost.name, async () => (lacking(await examined()).length > 0 ? true : null), 10_000).catch(() => null);
      if (noticed === null) unsaid.push(lost.name);
      await apply(lost.role);
      await until(`${lost.name} again`, async () => (lacking(await examined()).length === 0 ? true : null), 10_000);
    };
    for (const lost of losses(roles)) await without(lost);
    process.stderr.write(`${losses(roles).length} rights of ${remedies.length} remedies, each taken out in turn\n`);
    expect(unsaid).toEqual([]);
  }, 300_000);
});
