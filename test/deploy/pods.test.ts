import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { NAMESPACES } from '../../scripts/deploy/rbac.ts';
import { loadConfig } from '../../src/config/load.ts';
import { forBot, forTerminal, forThreads, forWorker, shared } from '../../src/config/variables.ts';
import { environment, everything, objectsOf, podTemplates, read, root, type Thing, yamlFiles } from './files.ts';

const templates = podTemplates();
const each = templates.map((one) => [one.name, one.template['spec'] as Thing] as const);
const specOf = (name: string): Thing => each.find(([own]) => own === name)?.[1] ?? {};
const containers = (spec: Thing): Thing[] => spec['containers'] as Thing[];
const containerOf = (spec: Thing): Thing => containers(spec)[0] ?? {};

describe('the pods of deploy/', () => {
  test('are those of the bot, the worker, Redis and the resident probe', () => {
    expect(templates.map(({ name }) => name).toSorted()).toEqual([
      'dns-medic-bot',
      'dns-medic-redis',
      'dns-medic-resident-probe',
      'dns-medic-worker',
    ]);
  });

  test.each(each)('%s meets PodSecurity restricted, on a file system that cannot be written', (_, spec) => {
    const [container = {}, ...others] = containers(spec);
    expect(others).toEqual([]);
    const whole: Thing = { ...spec['securityContext'], ...container['securityContext'] };
    expect(whole).toMatchObject({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(whole['runAsUser']).toBeGreaterThan(0);
    expect([spec['hostNetwork'], spec['hostPID'], spec['hostIPC'], whole['privileged'], whole['capabilities'].add]).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
    expect(((spec['volumes'] ?? []) as Thing[]).filter(({ hostPath }) => hostPath !== undefined)).toEqual([]);
  });

  test.each(each)('%s has no token of the cluster', (_, spec) => {
    expect(spec['automountServiceAccountToken']).toBe(false);
  });

  test.each(each)('%s asks for what it needs and has a limit of memory', (_, spec) => {
    const { requests, limits } = containerOf(spec)['resources'] as Thing;
    expect(Object.keys(requests as Thing)).toEqual(['cpu', 'memory']);
    expect(limits).toHaveProperty('memory');
  });

  test.each(each.filter(([name]) => /bot|worker/.test(name)))('%s is asked for its health on the port `http`', (_, spec) => {
    const container = containerOf(spec);
    const port = (container['ports'] as Thing[]).find(({ name }) => name === 'http');
    const told = (container['env'] as Thing[]).find(({ name }) => name === 'HEALTH_PORT')?.['value'] as string;
    expect(port?.['containerPort']).toBe(Number(told));
    expect(container['startupProbe'].httpGet).toEqual({ path: '/healthz', port: 'http' });
    expect(container['livenessProbe'].httpGet).toEqual({ path: '/healthz', port: 'http' });
    expect(container['readinessProbe'].httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  test.each(each.filter(([name]) => /bot|worker/.test(name)))('%s is given longer to end than it gives its runs', (_, spec) => {
    const seconds = (containerOf(spec)['env'] as Thing[]).find(({ name }) => name === 'STOP_SECONDS')?.['value'] as string;
    expect(spec['terminationGracePeriodSeconds']).toBeGreaterThanOrEqual(Number(seconds) + 5);
  });

  test('the bot and the worker do not need the DNS of the cluster they are in', () => {
    expect([specOf('dns-medic-bot')['dnsPolicy'], specOf('dns-medic-worker')['dnsPolicy']]).toEqual(['Default', 'Default']);
  });

  test('only the bot has the Secret of Slack, and only the worker that of kubeconfigs', () => {
    const users = (secret: string): string[] =>
      everything()
        .filter(({ object }) => JSON.stringify(object).includes(`"${secret}"`))
        .map(({ file, object }) => `${file} ${object['metadata'].name}`);
    expect(users('dns-medic-slack').filter((one) => one.startsWith('deploy/base'))).toEqual([
      'deploy/base/bot/deployment.yaml dns-medic-bot',
    ]);
    expect(users('dns-medic-kubeconfigs')).toEqual(['deploy/overlays/central/clusters.yaml dns-medic-worker']);
  });
});

describe('the environment that deploy/ gives', () => {
  const variables = [shared, forBot, forThreads, forWorker, forTerminal].flatMap((group) => Object.values(group));
  const names = variables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  /** Those that another value is put together from. */
  const parts = environment().flatMap(({ entry }) =>
    [...String(entry['value'] ?? '').matchAll(/\$\((\w+)\)/g)].map(([, name]) => name ?? ''),
  );

  test('is one that the bot and the worker know, and .env.example names', () => {
    // NODE_OPTIONS is Node's own
    const others = [...parts, 'NODE_OPTIONS'];
    const used = environment().filter(
      ({ file, entry }) => !file.includes('/redis/redis.yaml') && !others.includes(entry['name'] as string),
    );
    expect(used.map(({ entry }) => entry['name'] as string).filter((name) => !names.includes(name))).toEqual([]);
    const example = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name ?? '');
    const known = (name: string): boolean => example.includes(name) || example.includes(name.replace(/_FILE$/, ''));
    expect(used.map(({ entry }) => entry['name'] as string).filter((name) => !known(name))).toEqual([]);
  });

  test('has values that the settings take', () => {
    const wrong = environment().flatMap(({ entry }) => {
      const variable = variables.find(({ name }) => name === entry['name']);
      if (variable === undefined || typeof entry['value'] !== 'string' || entry['value'].includes('$(')) return [];
      const problem = variable.problem(entry['value']);
      return problem === null ? [] : [`${variable.name}: ${problem}`];
    });
    expect(wrong).toEqual([]);
  });

  test('holds no secret: files, references, or parts put together by the kubelet', () => {
    const secret = variables.filter((one) => one.secret).map(({ name }) => name);
    const written = environment().filter(
      ({ entry }) =>
        (secret.includes(entry['name'] as string) || parts.includes(entry['name'] as string)) &&
        typeof entry['value'] === 'string' &&
        !entry['value'].includes('$('),
    );
    expect(written).toEqual([]);
  });

  test('names files that a volume brings', () => {
    for (const { name, template } of templates) {
      const container = containerOf(template['spec'] as Thing);
      const mounts = ((container['volumeMounts'] ?? []) as Thing[]).map(({ mountPath }) => mountPath as string);
      const files = ((container['env'] ?? []) as Thing[]).map(({ value }) => String(value ?? '')).filter((value) => value.startsWith('/'));
      expect([name, files.filter((file) => !mounts.some((mount) => file.startsWith(`${mount}/`)))]).toEqual([name, []]);
    }
  });
});

describe('what deploy/ holds', () => {
  test('is no Secret, and nothing that looks like one', () => {
    expect(everything().filter(({ object }) => object['kind'] === 'Secret')).toEqual([]);
    const texts = yamlFiles('deploy').map((file) => [file, read(file)] as const);
    expect(texts.filter(([, text]) => /xox[abp]-|xapp-|BEGIN [A-Z ]*PRIVATE KEY|token: *\S{20,}/.test(text)).map(([file]) => file)).toEqual(
      [],
    );
  });

  test('is of the version of package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const tags = yamlFiles('deploy')
      .filter((file) => file.endsWith('kustomization.yaml'))
      .flatMap((file) =>
        ((objectsOf(file)[0]?.['images'] ?? []) as Thing[]).map(({ name, newTag }) => [file, name as string, newTag as string]),
      );
    expect(tags).toEqual([
      ['deploy/overlays/agent/kustomization.yaml', 'dns-medic', version],
      ['deploy/overlays/central/kustomization.yaml', 'dns-medic', version],
    ]);
  });

  test('has images with a tag that says which', () => {
    const images = each.map(([name, spec]) => [name, containerOf(spec)['image'] as string] as const);
    const vague = images.filter(([, image]) => image !== 'dns-medic' && !/:[\w.-]*\d[\w.-]*$/.test(image));
    expect(vague).toEqual([]);
  });

  test('has every file in a kustomization', () => {
    const listed = yamlFiles('deploy')
      .filter((file) => file.endsWith('/kustomization.yaml'))
      .flatMap((file) => {
        const folder = file.replace(/kustomization\.yaml$/, '');
        const { resources = [], patches = [], configMapGenerator = [] } = objectsOf(file)[0] as Record<string, Thing[]>;
        const names = [
          ...(resources as unknown as string[]),
          ...patches.map(({ path }) => path as string),
          ...configMapGenerator.flatMap(({ files }) => files as string[]),
        ];
        return names.map((name) => `${folder}${name}`);
      });
    const byHand = ['deploy/rbac/pod-example.yaml', 'deploy/rbac/optional.yaml', 'deploy/components/remedies/pod-example.yaml'];
    const files = yamlFiles('deploy').filter((file) => !/slack\/|kustomization\.yaml$/.test(file));
    expect(files.filter((file) => !listed.includes(file) && !byHand.includes(file))).toEqual([]);
  });
});

describe('the settings of the overlays', () => {
  const load = (overlay: string): ReturnType<typeof loadConfig> =>
    loadConfig({ file: `deploy/overlays/${overlay}/dns-medic.yaml`, env: {}, cwd: fileURLToPath(root) });
  const served = (overlay: string): string[] => {
    const told = environment().find(
      ({ file, entry }) => file.startsWith(`deploy/overlays/${overlay}/`) && entry['name'] === 'WORKER_CLUSTERS',
    );
    return String(told?.entry['value']).split(',');
  };

  test.each(['central', 'agent'])('of `%s` can be loaded, with probe pods where the roles allow them and a policy', (overlay) => {
    const { clusters, policy } = load(overlay);
    expect(clusters.map(({ settings }) => [settings.dns.namespace, settings.probe.namespace])).toEqual(
      clusters.map(() => [NAMESPACES.dns, NAMESPACES.probe]),
    );
    expect(policy?.rules.length).toBeGreaterThan(0);
  });

  test('tell each worker to serve what it can reach', () => {
    const central = load('central').clusters.map(({ name, access }) => [name, 'file' in access ? access.file : null] as const);
    const reached = central.filter(([, file]) => file !== null);
    expect(served('central')).toEqual(reached.map(([name]) => name));
    expect(reached.every(([name, file]) => file === `/var/run/dns-medic/kubeconfigs/${name}`)).toBe(true);
    expect(load('agent').clusters.map(({ name, access }) => [name, access.kind])).toEqual(
      served('agent').map((name) => [name, 'inCluster']),
    );
    expect(central.map(([name]) => name)).toEqual([...served('central'), ...served('agent')]);
  });
});
