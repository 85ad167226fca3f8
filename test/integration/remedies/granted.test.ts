import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type ConnectedCluster } from '../../../src/cluster/connect.ts';
import type { Json } from '../../../src/cluster/port.ts';
import { dryRun } from '../../../src/remedies/kit/dry-run.ts';
import { createOf, type ObjectEdit, patchOf } from '../../../src/remedies/kit/edit.ts';
import { changeOf } from '../../../src/remedies/kit/fields.ts';
import { rulesFor, standardOf } from '../../../src/remedies/rbac/standard.ts';
import type { PlanContext } from '../../../src/remedies/remedy.ts';
import { restoreRbac } from '../../../src/remedies/restore-rbac.ts';
import { read } from '../../deploy/files.ts';
import { type Laboratory, laboratory, until } from '../check/lab/cluster.ts';
import { accountName, actingAs, install, namespacesOf, renamed, uninstall } from '../deploy/lab/installation.ts';
import { kubectl, rendered, withCluster } from '../deploy/lab/kubectl.ts';

const name = 'grants';
const { home } = namespacesOf(name);
const base = { apiVersion: 'rbac.authorization.k8s.io/v1', namespace: null };
const role = { ...base, kind: 'ClusterRole', name: 'system:coredns' };
const ROLE = '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:coredns';

withCluster('what a worker with the roles of the remedies may give away', () => {
  let lab: Laboratory;
  let text: string;
  let port: ConnectedCluster;
  let live: Json;

  /** What the API server would say to a write, which is not done. */
  const said = (edit: ObjectEdit, of: Json | null) => {
    const context = { port, signal: new AbortController().signal } as unknown as PlanContext;
    return dryRun(context, edit, { live: of, needs: restoreRbac.needs });
  };
  const binding = (to: string): ObjectEdit =>
    createOf(
      { ...base, kind: 'ClusterRoleBinding', name: 'dns-medic-test-grants' },
      { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: to }, subjects: [] },
    );

  beforeAll(async () => {
    lab = laboratory();
    text = renamed(`${await rendered('target', ['remedies'])}\n---\n${read('deploy/components/remedies/pod-example.yaml')}`, name);
    await install(text);
    const file = lab.file('acting', actingAs(accountName(home, `${home}-worker`)));
    port = await connect({ kind: 'kubeconfig', file, context: null }, process.env);
    live = await until('the role of CoreDNS, as the worker reads it', () => port.get(ROLE).catch(() => null));
    // what may not be tried at all is not said to be refused: once it is, the roles are in effect
    await until('the rights of the remedies', async () => ((await said(binding('cluster-admin'), null)) === null ? null : true));
  }, 120_000);

  afterAll(async () => {
    await port.close();
    await kubectl(['delete', 'clusterrolebinding', 'dns-medic-test-grants', '--ignore-not-found']);
    await uninstall(text);
    await lab.forget();
  }, 120_000);

  test("CoreDNS' own rights, each of them, and its role as a whole", async () => {
    for (const rule of standardOf('coredns', 'eks').rules ?? []) {
      const rules = [...live['rules'], rule];
      expect(await said(patchOf(role, [changeOf(live, ['rules'], rules)], { uid: null }), live)).toBeNull();
    }
    expect(await said(binding('system:coredns'), null)).toBeNull();
    expect(await said(binding('system:node-proxier'), null)).toBeNull();
  });

  test('nothing else', async () => {
    const rules = [...live['rules'], ...rulesFor([{ group: '', resource: 'secrets', verb: 'list' }])];
    expect(await said(patchOf(role, [changeOf(live, ['rules'], rules)], { uid: null }), live)).toMatchObject({
      why: 'unsafe',
      says: expect.stringContaining('attempting to grant RBAC permissions'),
    });
    expect(await said(binding('cluster-admin'), null)).toMatchObject({ why: 'unsafe' });
    expect(await said(binding('view'), null)).toMatchObject({ why: 'unsafe' });
  });
});
