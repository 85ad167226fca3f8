import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { isDraft } from '../../src/remedies/remedy.ts';
import { restartCoredns } from '../../src/remedies/restart-coredns.ts';
import {
  corednsIPs,
  corednsLog,
  corednsLogs,
  corefile,
  logClass,
  lookups,
  lookupsWhere,
  lost,
  minutesAgo,
  networkPolicies,
  workload,
} from '../checks/evidence.ts';
import { budgetJson, planContext, podJson } from './plan-world.ts';

const planOf = async (...given: Parameters<typeof planContext>) => {
  const plan = await restartCoredns.plan(planContext(...given), {});
  if (!isDraft(plan)) throw new Error(plan.says);
  return plan;
};
const refusalOf = async (...given: Parameters<typeof planContext>) => {
  const plan = await restartCoredns.plan(planContext(...given), {});
  if (isDraft(plan)) throw new Error(plan.summary);
  return plan;
};

describe('the plan of a restart', () => {
  test('names all pods in order, what each must answer, and that nothing is mended by it', async () => {
    const plan = await planOf();
    expect(plan).toMatchObject({
      summary: 'replace the 2 pods of Deployment kube-system/coredns, one after the other',
      helps: 'nothing that was found here is mended by a restart',
      undo: null,
      objects: [{ does: 'restart', object: { kind: 'Deployment', name: 'coredns' } }],
    });
    expect(plan.objects[0]?.diff).toEqual([
      '  # each pod, before it is evicted: out of the Service, until another pod answers in its place',
      '  labels:',
      '-   k8s-app: kube-dns',
      '+   k8s-app: dns-medic-aside',
    ]);
    expect(plan.pods.map(({ name, uid }) => [name, uid])).toEqual([
      ['coredns-a', 'uid-coredns-a'],
      ['coredns-b', 'uid-coredns-b'],
    ]);
    expect(plan.data).toMatchObject({
      workload: { generation: 3 },
      aside: { 'k8s-app': 'kube-dns' },
      count: 2,
      lameduckMs: 5_000,
      questions: [
        { name: 'kubernetes.default.svc.cluster.local.', proto: 'udp' },
        { name: 'kubernetes.default.svc.cluster.local.', proto: 'tcp' },
        { name: 'amazon.com.', proto: 'udp' },
      ],
    });
    expect(restartCoredns.data.parse(JSON.parse(JSON.stringify(plan.data)))).toEqual(plan.data);
  });

  test('what no pod answered before is not asked of a new one', async () => {
    const deaf = lookupsWhere((row) => (row.proto === 'tcp' || row.role === 'external' ? lost() : null));
    expect((await planOf({ lookups: deaf })).data.questions).toEqual([{ name: 'kubernetes.default.svc.cluster.local.', proto: 'udp' }]);
  });

  test('says that pods run an older Corefile where there is no reload plugin', async () => {
    const bare = corefile({ changedAt: minutesAgo(10) });
    const servers = bare.servers.map((server) => ({ ...server, directives: server.directives.filter(({ name }) => name !== 'reload') }));
    const logs = corednsLogs([corednsLog({ runningSha512: 'old' }), corednsLog({ runningSha512: bare.sha512 }, 1)]);
    const plan = await planOf({ corefile: { ...bare, servers, sha512: 'new' }, 'coredns-logs': logs });
    expect(plan.helps).toMatch(/coredns-a.*another Corefile than the ConfigMap has, and there is no reload plugin/);
    expect(plan.warnings).toContain('New pods read the Corefile as it is in the ConfigMap now.');
  });

  test('begins with the pod that does not answer, and says that it alone would do', async () => {
    const silent = lookupsWhere((row) => (row.server === corednsIPs[1] ? lost() : null));
    const plan = await planOf({ lookups: silent });
    expect(plan.pods.map(({ name }) => name)).toEqual(['coredns-b', 'coredns-a']);
    expect(plan.helps).toMatch(/coredns-b is ready but does not answer as the others do; to replace coredns-b alone would be enough/);
  });

  test('says that a pod has lost the API server', async () => {
    const logs = corednsLogs([corednsLog({ classes: [logClass('api-timeout', { count: 30, lastAt: minutesAgo(1) })] })]);
    const plan = await planOf({ 'coredns-logs': logs });
    expect(plan.helps).toMatch(/coredns-a is ready but cannot read the API server/);
    expect(plan.warnings.join(' ')).toMatch(/As long as the API server cannot be reached/);
  });

  test('warns where pods cannot be put aside: lookups on their way are lost', async () => {
    const host = [podJson('coredns-a', 0, { spec: { hostNetwork: true } }), podJson('coredns-b', 1)];
    const plan = await planOf({}, { pods: host });
    expect(plan.data.aside).toEqual({});
    expect(plan.warnings.join(' ')).toMatch(/cannot be taken out of the Service before they end/);
  });

  test('pods are not put aside where a NetworkPolicy allows by their label what another one denies', async () => {
    const policy = (name: string, podSelector: object) =>
      ({ namespace: 'kube-system', name, podSelector, policyTypes: ['Ingress'], ingress: [], egress: [] }) as const;
    const allow = policy('allow-dns', { matchLabels: { 'k8s-app': 'kube-dns' } });
    const deny = policy('deny-all', {});
    const asideWith = async (...policies: ReturnType<typeof policy>[]) => {
      const mutable = policies.map((one) => ({ ...one, policyTypes: [...one.policyTypes], ingress: [], egress: [] }));
      return (await planOf({ 'network-policies': networkPolicies({ policies: mutable }) })).data.aside;
    };
    expect(await asideWith(allow)).toEqual({ 'k8s-app': 'kube-dns' });
    expect(await asideWith(deny)).toEqual({ 'k8s-app': 'kube-dns' });
    expect(await asideWith(allow, deny)).toEqual({});
  });

  test('names a pod that an earlier order put aside and left', async () => {
    const plan = await planOf({}, { aside: [podJson('coredns-old', 0)] });
    expect(plan.warnings.join(' ')).toMatch(/has left coredns-old running outside of the Service/);
  });

  test('budgets that may not be read are asked by the API server', async () => {
    const plan = await planOf({}, { budgets: new Failure('forbidden', 'no') });
    expect(plan.warnings.join(' ')).toMatch(/PodDisruptionBudgets may not be read here/);
  });
});

describe('no plan is made', () => {
  test('with one pod: scale first', async () => {
    expect(await refusalOf({}, { pods: [podJson('coredns-a', 0)] })).toMatchObject({
      why: 'unsafe',
      says: 'only one CoreDNS pod is ready: while it is replaced nobody would answer',
      offers: [{ id: 'scale-coredns' }],
    });
  });

  test('with one pod that is ready of two: replace the sick one', async () => {
    const pods = [podJson('coredns-a', 0), podJson('coredns-b', 1, { ready: false })];
    expect(await refusalOf({}, { pods })).toMatchObject({
      why: 'unsafe',
      offers: [{ id: 'delete-coredns-pod', params: { pod: 'coredns-b' } }],
    });
  });

  test('where no other pod answers', async () => {
    const silent = lookupsWhere((row) => (row.serverKind === 'endpoint' ? lost() : null));
    expect((await refusalOf({ lookups: silent })).says).toMatch(/no other CoreDNS pod answers at its own address/);
  });

  test('where a new pod would not start', async () => {
    const broken = corefile({ error: { line: 3, message: "Unknown directive 'lg'", kind: 'directive' } });
    expect(await refusalOf({ corefile: broken })).toMatchObject({ why: 'unsafe', offers: [{ id: 'restore-corefile' }] });
    const failed = corednsLogs([
      corednsLog({
        runningSha512: 'old',
        classes: [logClass('reload-failed', { lastAt: minutesAgo(5), fields: { message: 'bad option' } })],
      }),
    ]);
    expect(await refusalOf({ 'coredns-logs': failed })).toMatchObject({ why: 'unsafe', offers: [{ id: 'restore-corefile' }] });
  });

  test('where the Corefile was edited since the check', async () => {
    expect(await refusalOf({}, { corefile: `${corefile().text}\n# by hand` })).toMatchObject({
      why: 'unknown',
      says: 'the Corefile was edited just now',
    });
  });

  test('where a budget allows none, or two pick the same pods', async () => {
    expect((await refusalOf({}, { budgets: [budgetJson('coredns', 0)] })).says).toMatch(
      /PodDisruptionBudget coredns allows no pod to go now: 1 of 2 are healthy/,
    );
    expect((await refusalOf({}, { budgets: [budgetJson('one', 1), budgetJson('other', 1)] })).says).toMatch(
      /more than one PodDisruptionBudget/,
    );
  });

  test('while a rollout goes on', async () => {
    const rolling = {
      metadata: { generation: 4 },
      spec: { replicas: 2 },
      status: { observedGeneration: 4, replicas: 3, updatedReplicas: 1 },
    };
    expect((await refusalOf({}, { deployment: rolling })).says).toMatch(/a rollout of Deployment coredns is going on/);
    const paused = {
      metadata: { generation: 4 },
      spec: { replicas: 2, paused: true },
      status: { observedGeneration: 4, replicas: 2, updatedReplicas: 2 },
    };
    expect((await refusalOf({}, { deployment: paused })).says).toMatch(/is paused/);
  });

  test('for pods that nobody would make again, and for other kinds of workload', async () => {
    const bare = [podJson('coredns-a', 0, { owner: [] }), podJson('coredns-b', 1)];
    expect(await refusalOf({}, { pods: bare })).toMatchObject({ why: 'not-here' });
    expect(await refusalOf({ 'coredns-workload': workload({ kind: 'StatefulSet' }) })).toMatchObject({ why: 'not-here' });
  });

  test('where what it rests on could not be read, or nothing can be asked', async () => {
    for (const id of ['coredns-workload', 'corefile', 'dns-service', 'lookups'] as const)
      expect(await refusalOf({}, {}, [id])).toMatchObject({ why: 'unknown' });
    expect((await refusalOf({ lookups: { ...lookups([]), sources: [] } })).says).toMatch(/no probe pod could be started/);
  });
});
