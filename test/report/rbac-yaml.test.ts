import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { type Grant, granteeOf, rbacYaml, suffixOf } from '../../src/report/rbac-yaml.ts';

const grant = (resource: string, verb: string, over: Partial<Grant> = {}): Grant => ({
  group: '',
  resource,
  verb,
  namespace: 'kube-system',
  ...over,
});
/** RBAC objects as a person would read them in the YAML. */
interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: unknown;
  subjects?: { name: string }[];
}

const documents = (grants: Grant[], user = 'ada'): Manifest[] =>
  parseAllDocuments(rbacYaml(grants, granteeOf(user))).map((document) => document.toJS() as Manifest);

describe('RBAC as YAML', () => {
  test('merges verbs of a resource, and resources with the same verbs', () => {
    const [role, binding] = documents([
      grant('pods', 'list'),
      grant('pods', 'get'),
      grant('services', 'get'),
      grant('services', 'list'),
      grant('pods/log', 'get'),
    ]);
    expect(role).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'dns-medic', namespace: 'kube-system' },
      rules: [
        { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
      ],
    });
    expect(binding).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'dns-medic', namespace: 'kube-system' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'dns-medic' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ada' }],
    });
  });

  test('has a role for each namespace and a cluster role, and gives nothing twice', () => {
    const all = documents([
      grant('pods', 'list', { namespace: null }),
      grant('pods', 'list'),
      grant('pods', 'get', { namespace: 'shop' }),
      grant('nodes', 'list', { namespace: null }),
    ]);
    expect(all.map(({ kind, metadata }) => [kind, metadata.namespace ?? null])).toEqual([
      ['ClusterRole', null],
      ['ClusterRoleBinding', null],
      ['Role', 'shop'],
      ['RoleBinding', 'shop'],
    ]);
    expect(all[0]?.rules).toEqual([{ apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['list'] }]);
  });

  test('bounds rights by names, apart from those that are not, and does not bound what is given for all', () => {
    const coredns = { names: ['coredns'] };
    const [role] = documents([
      grant('configmaps', 'patch', coredns),
      grant('configmaps', 'update', coredns),
      grant('services', 'patch', coredns),
      grant('services', 'update', coredns),
      grant('configmaps', 'create'),
      grant('pods', 'get'),
      grant('pods', 'get', { names: ['one'] }),
    ]);
    expect(role?.rules).toEqual([
      { apiGroups: [''], resources: ['configmaps', 'services'], resourceNames: ['coredns'], verbs: ['update', 'patch'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    ]);
  });

  test('gives a right that is asked for twice once', () => {
    expect(documents([grant('pods', 'get'), grant('pods', 'get')])[0]?.rules).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    ]);
  });

  test('binds a service account as one, and any user name as it is', () => {
    expect(documents([grant('pods', 'get')], 'system:serviceaccount:ops:medic')[1]?.subjects).toEqual([
      { kind: 'ServiceAccount', name: 'medic', namespace: 'ops' },
    ]);
    expect(documents([grant('pods', 'get')], 'a: "b"\n- c')[1]?.subjects?.[0]?.name).toBe('a: "b"\n- c');
  });

  test('is empty when nothing is to be given', () => {
    expect(rbacYaml([], granteeOf('ada'))).toBe('');
  });

  test('has a suffix that is the same for the same rights in any order, and another for others', () => {
    const [one, two] = [grant('pods', 'get'), grant('pods', 'list')];
    expect(suffixOf([one, two])).toBe(suffixOf([two, one]));
    expect(suffixOf([one])).not.toBe(suffixOf([two]));
    expect(suffixOf([one])).toMatch(/^[0-9a-f]{6}$/);
  });
});
