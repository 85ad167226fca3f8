import { describe, expect, test } from '@jest/globals';
import { deployFiles } from '../../scripts/deploy.ts';
import { NAMESPACES, rbacFiles } from '../../scripts/deploy/rbac.ts';
import { allNeeds, type Need } from '../../src/cli/needs.ts';
import { objectsOf, read, type Thing } from './files.ts';
import { given as givenBy, type Right, rightsOf } from './roles.ts';

const given = (file: string): Right[] => givenBy(`deploy/rbac/${file}`);

const rightOf = ({ permission: { verb, resource, group } }: Need): string => `${verb} ${resource}.${group}`;
const needed = allNeeds().filter(({ permission }) => permission.optional !== true);

describe('the RBAC of deploy/', () => {
  test.each(Object.entries(deployFiles()))('%s is what the sources say (node scripts/deploy.ts)', (file, text) => {
    expect(read(file)).toBe(text);
  });

  test('gives the worker all that a check needs, each in its place', () => {
    const rights = given('worker.yaml');
    const lacking = needed.filter((need) => {
      const { scope } = need.permission;
      if (scope === 'pod') return false;
      const places: (string | null)[] = scope === 'cluster' ? [null] : [null, NAMESPACES[scope]];
      return !rights.some(({ namespace, right }) => right === rightOf(need) && places.includes(namespace));
    });
    expect(lacking).toEqual([]);
  });

  test('gives the worker nothing else', () => {
    const places = {
      cluster: null,
      dns: NAMESPACES.dns,
      system: NAMESPACES.system,
      probe: NAMESPACES.probe,
      capture: NAMESPACES.capture,
      pod: 'never',
    };
    const asked = new Set(needed.map((need) => `${rightOf(need)} in ${places[need.permission.scope]}`));
    expect(given('worker.yaml').filter(({ namespace, right }) => !asked.has(`${right} in ${namespace}`))).toEqual([]);
  });

  test('writes nothing outside of the namespace of the probe pods', () => {
    const writes = given('worker.yaml').filter(({ namespace, right }) => !/^(get|list) /.test(right) && namespace !== NAMESPACES.probe);
    // a question, though it is asked by `create`
    expect(writes.map(({ right }) => right)).toEqual(['create subjectaccessreviews.authorization.k8s.io']);
  });

  test('lets the worker run commands and start pods only where neither it nor the bot is', () => {
    const inPods = given('worker.yaml').filter(({ right }) => /pods\/exec|create pods/.test(right));
    expect([...new Set(inPods.map(({ namespace }) => namespace))]).toEqual([NAMESPACES.probe]);
    expect(NAMESPACES.probe).not.toBe(NAMESPACES.home);
  });

  test('gives the rights for named pods by roles that somebody has to bind, with those in pods apart', () => {
    const everywhere = needed.filter(({ permission }) => permission.scope === 'cluster').map(rightOf);
    const ofPods = needed
      .filter(({ permission }) => permission.scope === 'pod')
      .map(rightOf)
      .filter((right) => !everywhere.includes(right));
    expect(
      given('pod.yaml')
        .map(({ right }) => right)
        .toSorted(),
    ).toEqual(ofPods.toSorted());
    const [reading, inPods] = objectsOf('deploy/rbac/pod.yaml') as [Thing, Thing];
    expect(objectsOf('deploy/rbac/pod.yaml').map(({ kind }) => kind as string)).toEqual(['ClusterRole', 'ClusterRole']);
    expect(rightsOf(reading).filter(({ right }) => !/^(get|list) [a-z]+\./.test(right))).toEqual([]);
    expect(rightsOf(inPods).map(({ right }) => right)).toEqual(['get pods/exec.', 'create pods/exec.']);
    const bound = objectsOf('deploy/rbac/pod-example.yaml').map((binding) => binding['roleRef'].name as string);
    expect(bound).toEqual([reading['metadata'].name, inPods['metadata'].name]);
  });

  test('keeps optional rights apart, each with what it is good for', () => {
    const optional = allNeeds().filter(({ permission }) => permission.optional === true);
    expect(given('optional.yaml').map(({ right }) => right)).toEqual(optional.map(rightOf));
    expect(objectsOf('deploy/rbac/kustomization.yaml')[0]?.['resources']).toEqual(['worker.yaml', 'pod.yaml']);
    expect(read('deploy/rbac/optional.yaml').match(/^# (get|list|patch) [a-z/.]+: \w/gm)).toHaveLength(optional.length);
  });

  test('binds every role to the account of the worker and to nobody else', () => {
    const bindings = Object.keys(rbacFiles())
      .flatMap((file) => objectsOf(`deploy/rbac/${file}`))
      .filter(({ kind }) => String(kind).endsWith('Binding'));
    expect(bindings.length).toBeGreaterThan(4);
    const worker = [{ kind: 'ServiceAccount', name: 'dns-medic-worker', namespace: 'dns-medic' }];
    expect(bindings.filter(({ subjects }) => JSON.stringify(subjects) !== JSON.stringify(worker))).toEqual([]);
  });

  test('has no word that stands for everything, and no Secrets', () => {
    const all = Object.keys(rbacFiles()).map((file) => read(`deploy/rbac/${file}`));
    expect(all.filter((text) => /\*|secrets|escalate|impersonate|\bbind\b(?! (it|them))/.test(text.replace(/^#.*$/gm, '')))).toEqual([]);
  });
});
