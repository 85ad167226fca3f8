import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { NAMESPACES } from '../../scripts/deploy/rbac.ts';
import { remedyFiles } from '../../scripts/deploy/remedies.ts';
import { allNeeds, needsOf, remedyNeeds } from '../../src/cli/needs.ts';
import type { Permission } from '../../src/domain/reading.ts';
import { remedies } from '../../src/remedies/registry.ts';
import { objectsOf, read, type Thing, yamlFiles } from './files.ts';
import { given, type Right, rightsOf } from './roles.ts';

const ROLES = 'deploy/components/remedies/roles.yaml';
const CAPTURE = 'deploy/components/capture/roles.yaml';
const places = {
  cluster: null,
  dns: NAMESPACES.dns,
  system: NAMESPACES.system,
  probe: NAMESPACES.probe,
  capture: NAMESPACES.capture,
  pod: null,
};
const rightOf = ({ verb, resource, group }: Permission): string => `${verb} ${resource}.${group}`;
const isOfPod = ({ namespace }: Right, role: Thing): boolean => namespace === null && role['metadata'].name === 'dns-medic-remedies-pod';
const needed = remedies.flatMap((remedy) => needsOf(remedy).filter(({ optional }) => optional !== true));

const isGiven = (need: Permission, rights: readonly Right[]): boolean =>
  rights.some(
    ({ namespace, right, names }) =>
      right === rightOf(need) &&
      (namespace === null || namespace === places[need.scope]) &&
      (names === null || need.names?.every((name) => names.split(',').includes(name)) === true),
  );

describe('the rights of the remedies', () => {
  test('are all that a remedy names, in the role of the worker or in that of the remedies', () => {
    const rights = [...given('deploy/rbac/worker.yaml'), ...given(ROLES), ...given(CAPTURE)];
    expect(needed.filter((need) => !isGiven(need, rights)).map(rightOf)).toEqual([]);
  });

  test('are nothing that no remedy names, and for no other objects', () => {
    const asked = needed.map((need) => ({ right: rightOf(need), namespace: places[need.scope], names: need.names }));
    const more = given(ROLES).filter(
      ({ right, namespace, names }) =>
        !(names?.split(',') ?? [null]).every((name) =>
          asked.some(
            (one) =>
              one.right === right && one.namespace === namespace && (name === null ? one.names === undefined : one.names?.includes(name)),
          ),
        ),
    );
    expect(more).toEqual([]);
  });

  test('are bounded by names wherever RBAC can, but for pods, which have none to know before', () => {
    const wide = given(ROLES).filter(({ right, names }) => names === null && /^(patch|update|delete|bind) /.test(right));
    const [, ofPods] = objectsOf(ROLES).filter(({ kind }) => kind === 'ClusterRole');
    const unbound = ofPods === undefined ? [] : rightsOf(ofPods).filter((right) => isOfPod(right, ofPods));
    const inPods = wide.filter((right) => !unbound.some((one) => one.right === right.right) && !/ pods?[./]/.test(right.right));
    expect(inPods).toEqual([]);
  });

  test('have no word that stands for everything, no Secrets, and no way to more rights than these', () => {
    for (const file of yamlFiles('deploy/components/remedies').filter((name) => !name.endsWith('kustomization.yaml')))
      expect(read(file).replace(/^#.*$/gm, '')).not.toMatch(/\*|secrets|escalate|impersonate|serviceaccounts\/token|pods\/exec/);
    const binds = given(ROLES).filter(({ right }) => right.startsWith('bind '));
    expect(binds.filter(({ names }) => names === null)).toEqual([]);
  });

  test('are bound to the worker alone, and those in the namespaces of pods to nobody', () => {
    const objects = objectsOf(ROLES);
    const bindings = objects.filter(({ kind }) => String(kind).endsWith('Binding'));
    const worker = [{ kind: 'ServiceAccount', name: 'dns-medic-worker', namespace: 'dns-medic' }];
    expect(bindings.filter(({ subjects }) => JSON.stringify(subjects) !== JSON.stringify(worker))).toEqual([]);
    expect(bindings.map(({ roleRef }) => roleRef.name as string)).not.toContain('dns-medic-remedies-pod');
    expect(objectsOf('deploy/components/remedies/pod-example.yaml').map(({ roleRef }) => roleRef.name as string)).toEqual([
      'dns-medic-remedies-pod',
    ]);
  });

  test('are a part that nobody gets who does not take it', () => {
    const taken = yamlFiles('deploy')
      .filter((file) => file.endsWith('/kustomization.yaml'))
      .filter((file) => /^(?!#).*\bremedies\b/m.test(read(file)));
    expect(taken).toEqual([]);
    expect(objectsOf('deploy/components/remedies/kustomization.yaml')[0]).toMatchObject({ kind: 'Component', resources: ['roles.yaml'] });
  });
});

describe('the file of roles', () => {
  const patch: Permission = { group: '', resource: 'configmaps', verb: 'patch', scope: 'dns', names: ['coredns'] };
  const made = (permissions: Permission[]): Thing[] =>
    parseAllDocuments(remedyFiles(permissions.map((permission) => ({ permission })))['roles.yaml'] ?? '').map((one) => one.toJS() as Thing);

  test('leaves out what a worker that only reads may do', () => {
    const [reading] = allNeeds().filter(({ permission }) => permission.scope === 'dns' && permission.resource === 'configmaps');
    const [role] = made([patch, { ...patch, verb: 'get' }]);
    expect(reading?.permission.verb).toBe('get');
    expect(role?.['rules']).toEqual([{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['coredns'], verbs: ['patch'] }]);
  });

  test('has what is needed beside named pods in a role that nobody is bound to', () => {
    const objects = made([patch, { ...patch, resource: 'deployments', group: 'apps', scope: 'pod', names: undefined }]);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.namespace}`)).toEqual([
      'Role dns-medic-remedies kube-system',
      'RoleBinding dns-medic-remedies kube-system',
      'ClusterRole dns-medic-remedies-pod undefined',
    ]);
  });
});

describe('what remedies need', () => {
  test('is told once, with all names and all remedies', () => {
    const one = { id: 'one', needs: [{ group: '', resource: 'configmaps', verb: 'patch', scope: 'dns', names: ['b'] }] };
    const two = { id: 'two', needs: [{ group: '', resource: 'configmaps', verb: 'patch', scope: 'dns', names: ['a'] }] };
    const needs = remedyNeeds([one, two] as never);
    expect(needs.filter(({ permission }) => permission.resource === 'configmaps')).toEqual([
      { permission: { ...one.needs[0], names: ['a', 'b'], optional: false }, remedies: ['one', 'two'] },
    ]);
    expect(needs.map(({ permission }) => permission.resource)).toContain('leases');
  });
});
