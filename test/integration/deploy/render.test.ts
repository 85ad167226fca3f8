import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Thing } from '../check/lab/api.ts';
import { combinations, objectsIn, rendered, withKubectl } from './lab/kubectl.ts';

/** The Secrets that the operator makes (docs/deploy.md). */
const byHand = ['dns-medic-slack', 'dns-medic-order', 'dns-medic-redis', 'dns-medic-kubeconfigs'];

const named = (objects: readonly Thing[], kind: string): Thing[] => objects.filter((object) => object['kind'] === kind);
const idsOf = (objects: readonly Thing[], ...kinds: string[]): string[] =>
  objects
    .filter(({ kind }) => kinds.includes(kind as string))
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
const podMakers = (objects: readonly Thing[]): Thing[] => objects.filter((object) => object['spec']?.template?.spec !== undefined);
const podOf = (objects: readonly Thing[], name: string): Thing =>
  podMakers(objects).find(({ metadata }) => metadata.name === name)?.['spec'].template.spec as Thing;
const environmentOf = (objects: readonly Thing[], name: string): Thing[] => podOf(objects, name)['containers'][0].env as Thing[];

/** What a pod names that has to be there: Secrets, ConfigMaps, its account and its priority. */
function wantedBy(maker: Thing): string[] {
  const spec = maker['spec'].template.spec as Thing;
  const home = maker['metadata'].namespace as string;
  const volumes = (spec['volumes'] ?? []) as Thing[];
  const keys = (spec['containers'] as Thing[]).flatMap(({ env = [] }) => env as Thing[]).map(({ valueFrom }) => valueFrom?.secretKeyRef);
  return [
    ...volumes.flatMap(({ secret }) => (secret === undefined ? [] : [`Secret ${home}/${secret.secretName}`])),
    ...volumes.flatMap(({ configMap }) => (configMap === undefined ? [] : [`ConfigMap ${home}/${configMap.name}`])),
    ...keys.flatMap((key: Thing | undefined) => (key === undefined ? [] : [`Secret ${home}/${key['name']}`])),
    ...(spec['serviceAccountName'] === undefined ? [] : [`ServiceAccount ${home}/${spec['serviceAccountName']}`]),
    ...(spec['priorityClassName'] === undefined ? [] : [`PriorityClass /${spec['priorityClassName']}`]),
  ];
}

/** Selectors that must choose a pod of what is applied. */
const selectors = (objects: readonly Thing[]): { id: string; namespace: string; labels: Record<string, string> }[] =>
  objects
    .filter(({ kind }) => ['Service', 'PodDisruptionBudget', 'NetworkPolicy'].includes(kind as string))
    .map(({ kind, metadata, spec }) => ({
      id: `${kind} ${metadata.name}`,
      namespace: metadata.namespace as string,
      labels: (kind === 'Service' ? spec.selector : ((spec.selector ?? spec.podSelector).matchLabels ?? {})) as Record<string, string>,
    }));

withKubectl('deploy, rendered', () => {
  describe.each(combinations.map(([overlay, components]) => [[overlay, ...components].join(' + '), overlay, components] as const))(
    '%s',
    (_, overlay, components) => {
      let objects: Thing[];
      beforeAll(async () => {
        objects = objectsIn(await rendered(overlay, components));
      });

      test('has everything that its pods name, but for the Secrets that are made by hand', () => {
        const made = idsOf(objects, 'ConfigMap', 'ServiceAccount', 'PriorityClass');
        const secrets = byHand.map((name) => `Secret dns-medic/${name}`);
        expect(
          podMakers(objects)
            .flatMap(wantedBy)
            .filter((id) => !made.includes(id) && !secrets.includes(id)),
        ).toEqual([]);
        expect(named(objects, 'Secret')).toEqual([]);
      });

      test('has every namespace that it puts something in', () => {
        const made = named(objects, 'Namespace').map(({ metadata }) => metadata.name as string);
        const used = objects.map(({ metadata }) => metadata.namespace as string | undefined).filter((name) => name !== undefined);
        expect([...new Set(used)].filter((name) => !made.includes(name) && name !== 'kube-system')).toEqual([]);
      });

      test('has every role that it binds, and an account for every subject', () => {
        const roles = idsOf(objects, 'ClusterRole', 'Role');
        const bindings = objects.filter(({ kind }) => String(kind).endsWith('Binding'));
        const bound = bindings.map(
          ({ roleRef, metadata }) => `${roleRef.kind} ${roleRef.kind === 'Role' ? metadata.namespace : ''}/${roleRef.name}`,
        );
        expect(bound.filter((id) => !roles.includes(id))).toEqual([]);
        const accounts = bindings.flatMap(({ subjects }) => subjects as Thing[]).filter(({ kind }) => kind === 'ServiceAccount');
        const made = idsOf(objects, 'ServiceAccount');
        expect(accounts.map(({ namespace, name }) => `ServiceAccount ${namespace}/${name}`).filter((id) => !made.includes(id))).toEqual([]);
      });

      test('has a pod for every selector', () => {
        const pods = podMakers(objects).map(({ metadata, spec }) => ({
          namespace: metadata.namespace as string,
          labels: spec.template.metadata.labels as Thing,
        }));
        const empty = selectors(objects).filter(
          ({ namespace, labels }) =>
            Object.keys(labels).length > 0 &&
            !pods.some((pod) => pod.namespace === namespace && Object.entries(labels).every(([key, value]) => pod.labels[key] === value)),
        );
        expect(empty.map(({ id }) => id)).toEqual([]);
      });

      test('leaves no image without a place and a version', () => {
        const images = podMakers(objects).flatMap(({ spec }) =>
          (spec.template.spec.containers as Thing[]).map(({ image }) => image as string),
        );
        expect(images.filter((image) => !/^[\w.-]+\/[\w./-]+:[\w.-]+$/.test(image))).toEqual([]);
      });
    },
  );

  test('a change of settings is rolled out: the ConfigMap has another name then', async () => {
    const names = async (overlay: string): Promise<string[]> =>
      idsOf(objectsIn(await rendered(overlay)), 'ConfigMap').map((id) => id.replace(/.*\//, ''));
    const [[central = ''], [agent = '']] = await Promise.all([names('central'), names('agent')]);
    expect(central).toMatch(/^dns-medic-config-[a-z0-9]{10}$/);
    expect(agent).not.toBe(central);
  });

  test('only with `own-cluster` a token of the cluster is mounted, and only into the worker', async () => {
    const [plain, own, agent] = (await Promise.all([rendered('central'), rendered('central', ['own-cluster']), rendered('agent')])).map(
      objectsIn,
    ) as [Thing[], Thing[], Thing[]];
    const mounts = (objects: Thing[]): string[] =>
      podMakers(objects)
        .filter(({ spec }) => spec.template.spec.automountServiceAccountToken !== false)
        .map(({ metadata }) => metadata.name as string);
    expect([mounts(plain), mounts(own), mounts(agent)]).toEqual([[], ['dns-medic-worker'], ['dns-medic-worker']]);
    expect(idsOf(plain, 'ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding')).toEqual([]);
  });

  test('with `redis` nobody needs a name for it: its address is put together from what kubelets tell', async () => {
    const objects = objectsIn(await rendered('central', ['redis']));
    for (const name of ['dns-medic-bot', 'dns-medic-worker']) {
      const env = environmentOf(objects, name);
      const names = env.map((entry) => entry['name'] as string);
      expect(env.find((entry) => entry['name'] === 'REDIS_URL')?.['value']).toBe(
        'redis://:$(REDIS_PASSWORD)@$(DNS_MEDIC_REDIS_SERVICE_HOST):6379',
      );
      expect(names.indexOf('REDIS_PASSWORD')).toBeLessThan(names.indexOf('REDIS_URL'));
      expect(names).not.toContain('REDIS_URL_FILE');
      expect(podOf(objects, name)['enableServiceLinks']).toBe(true);
      expect((podOf(objects, name)['volumes'] as Thing[]).map((volume) => volume['name'] as string)).not.toContain('redis');
    }
  });

  test('with `http` the bot has the signing secret in place of the app token, and the port that its Service names', async () => {
    const objects = objectsIn(await rendered('central', ['http']));
    const env = Object.fromEntries(environmentOf(objects, 'dns-medic-bot').map(({ name, value }) => [name as string, value as unknown]));
    expect(env).toMatchObject({
      SLACK_MODE: 'http',
      HTTP_PORT: '3000',
      SLACK_SIGNING_SECRET_FILE: '/var/run/dns-medic/slack/signing-secret',
    });
    expect(env).not.toHaveProperty('SLACK_APP_TOKEN_FILE');
    const ports = podOf(objects, 'dns-medic-bot')['containers'][0].ports as Thing[];
    expect(ports).toEqual(
      expect.arrayContaining([
        { name: 'http', containerPort: 8080 },
        { name: 'slack', containerPort: 3000 },
      ]),
    );
    expect(named(objects, 'Service').map(({ spec }) => spec.ports[0].targetPort as string)).toEqual(['slack']);
  });

  test('with `eks-access` the rights are those of a group, and of nobody else', async () => {
    const objects = objectsIn(await rendered('target', ['eks-access']));
    const subjects = objects.filter(({ kind }) => String(kind).endsWith('Binding')).flatMap(({ subjects: own }) => own as Thing[]);
    expect(subjects).toHaveLength(3);
    expect([...new Set(subjects.map((subject) => JSON.stringify(subject)))]).toEqual([
      JSON.stringify({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'dns-medic-worker' }),
    ]);
  });
});
