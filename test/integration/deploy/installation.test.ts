import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Thing } from '../check/lab/api.ts';
import { type Laboratory, laboratory, until } from '../check/lab/cluster.ts';
import { install, namespacesOf, renamed, uninstall, untilRolledOut } from './lab/installation.ts';
import { combinations, kubectl, objectsIn, rendered, textOf, warningsOf, withCluster } from './lab/kubectl.ts';
import { saidBy, standingIn } from './lab/stand-in.ts';

const strict = { 'pod-security.kubernetes.io/warn': 'restricted' };
const isNamespace = ({ kind }: Thing): boolean => kind === 'Namespace';

withCluster('what deploy/ asks of the API server', () => {
  let namespaces: string;

  beforeAll(async () => {
    const all = objectsIn(renamed(await rendered('central', ['own-cluster']), 'dry')).filter(isNamespace);
    namespaces = textOf(all.map((one) => ({ ...one, metadata: { ...one['metadata'], labels: { ...one['metadata'].labels, ...strict } } })));
    await install(namespaces);
  }, 120_000);
  afterAll(() => uninstall(namespaces), 120_000);

  test.each(combinations.map(([overlay, components]) => [[overlay, ...components].join(' + '), overlay, components] as const))(
    'is taken without a warning: %s',
    async (_, overlay, components) => {
      const objects = objectsIn(renamed(await rendered(overlay, components), 'dry')).filter((one) => !isNamespace(one));
      const said = await warningsOf(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], textOf(objects));
      expect(said).toBe('');
      expect(objects.length).toBeGreaterThan(8);
    },
  );

  test('what a cluster would not take, or warn of, is noticed here', async () => {
    const deployment = objectsIn(renamed(await rendered('central'), 'dry')).find(({ kind }) => kind === 'Deployment') as Thing;
    const loose = structuredClone(deployment);
    delete loose['spec'].template.spec.securityContext.runAsNonRoot;
    expect(await warningsOf(['apply', '--dry-run=server', '-f', '-'], textOf([loose]))).toMatch(/would violate PodSecurity/);
    const misspelt = { ...deployment, spec: { ...deployment['spec'], replcas: 2 } };
    await expect(kubectl(['apply', '--dry-run=server', '-f', '-'], textOf([misspelt]))).rejects.toThrow(/unknown field/);
  });
});

withCluster('an installation', () => {
  const name = 'full';
  const { home, probe } = namespacesOf(name);
  const password = 'feedfacefeedfacefeedfacefeedface';
  const secrets: Record<string, Record<string, string>> = {
    slack: { 'bot-token': 'a bot token', 'app-token': 'an app token', 'signing-secret': 'a signing secret' },
    order: { secret: 'an order secret' },
    redis: { password },
    kubeconfigs: { 'cluster-a': 'a kubeconfig' },
  };
  let lab: Laboratory;
  let text: string;
  const said = new Map<string, Record<string, string>>();

  beforeAll(async () => {
    lab = laboratory();
    const objects = objectsIn(renamed(await rendered('central', ['own-cluster', 'resident-probe', 'redis', 'http', 'priority']), name));
    const made = Object.entries(secrets).map(([key, stringData]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `${home}-${key}`, namespace: home },
      stringData,
    }));
    // no image and no volumes for Redis there
    text = textOf([...objects.filter(({ kind }) => kind !== 'StatefulSet').map(standingIn), ...made]);
    await install(text);
    for (const who of ['bot', 'worker']) {
      await untilRolledOut('deployment', home, `${home}-${who}`);
      said.set(who, saidBy(await kubectl(['logs', '-n', home, `deployment/${home}-${who}`])));
    }
  }, 300_000);
  afterAll(async () => {
    await uninstall(text);
    await lab.forget();
  }, 180_000);

  test('has two bots and two workers that are healthy, under PodSecurity restricted and on a file system that cannot be written', async () => {
    const { items } = await lab.get(`/apis/apps/v1/namespaces/${home}/deployments`);
    const ready = (items as Thing[]).map(({ metadata, status }) => [metadata.name as string, status.readyReplicas as number]);
    expect(ready).toEqual([
      [`${home}-bot`, 2],
      [`${home}-worker`, 2],
    ]);
  });

  test('gives the bot the secrets of Slack, and the worker none of them', () => {
    expect(said.get('bot')).toMatchObject({
      SLACK_BOT_TOKEN_FILE: 'a bot token',
      SLACK_SIGNING_SECRET_FILE: 'a signing secret',
      ORDER_SECRET_FILE: 'an order secret',
    });
    expect(Object.keys(said.get('worker') ?? {}).filter((key) => key.startsWith('SLACK'))).toEqual([]);
    expect(said.get('worker')).toMatchObject({ ORDER_SECRET_FILE: 'an order secret' });
  });

  test('gives the worker the token of its account, and the bot none', () => {
    expect([said.get('bot')?.['token'], said.get('worker')?.['token']]).toEqual([
      'none',
      '/var/run/secrets/kubernetes.io/serviceaccount/token',
    ]);
  });

  test('tells both the address of Redis without a lookup', async () => {
    const service = await lab.get(`/api/v1/namespaces/${home}/services/${home}-redis`);
    const url = `redis://:${password}@${service['spec'].clusterIP}:6379`;
    expect([said.get('bot')?.['REDIS_URL'], said.get('worker')?.['REDIS_URL']]).toEqual([url, url]);
  });

  test('asks the resolver of the node, not the DNS of the cluster', async () => {
    const dns = await lab.get('/api/v1/namespaces/kube-system/services/kube-dns');
    for (const who of ['bot', 'worker']) {
      expect(said.get(who)?.['nameserver']).toMatch(/^[\d.]+$/);
      expect(said.get(who)?.['nameserver']).not.toBe(dns['spec'].clusterIP);
    }
  });

  test('has no old order secret until one is there', () => {
    expect(said.get('bot')?.['ORDER_SECRET_BEFORE']).toBe('');
  });

  test('lets one bot and one worker at a time be moved from their nodes', async () => {
    const path = `/apis/policy/v1/namespaces/${home}/poddisruptionbudgets`;
    const budgets = await until('budgets that have counted', async () => {
      const found = (await lab.get(path))['items'] as Thing[];
      return found.every(({ status }) => status.currentHealthy === 2) ? found : null;
    });
    expect(budgets.map(({ status }) => [status.expectedPods as number, status.disruptionsAllowed as number])).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  test('has its policies, roles and probes in place', async () => {
    const count = async (path: string): Promise<number> => ((await lab.get(path))['items'] as Thing[]).length;
    const networking = '/apis/networking.k8s.io/v1/namespaces';
    expect(await count(`${networking}/${home}/networkpolicies`)).toBe(6);
    expect(await count(`${networking}/${probe}/networkpolicies`)).toBe(1);
    expect(await count(`/apis/rbac.authorization.k8s.io/v1/namespaces/${probe}/roles`)).toBe(1);
    expect(await count(`/api/v1/namespaces/${probe}/pods`)).toBe(await count('/api/v1/nodes'));
  });
});

describe('names of their own', () => {
  test('are given to objects and namespaces, and not to labels, images and paths', () => {
    const text =
      'kind: X\nmetadata:\n  name: dns-medic-bot\n  namespace: dns-medic\n  labels:\n    app.kubernetes.io/name: dns-medic\nimage: r/dns-medic:1\npath: /etc/dns-medic/x\n';
    const [object = {}] = objectsIn(renamed(text, 'a'));
    expect(object).toMatchObject({
      metadata: { name: 'dns-medic-test-a-bot', namespace: 'dns-medic-test-a' },
      image: 'r/dns-medic:1',
      path: '/etc/dns-medic/x',
    });
    expect(object['metadata'].labels).toMatchObject({ 'app.kubernetes.io/name': 'dns-medic' });
  });
});
