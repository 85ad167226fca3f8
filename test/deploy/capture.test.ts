import { describe, expect, test } from '@jest/globals';
import { NAMESPACES } from '../../scripts/deploy/rbac.ts';
import { DEFAULTS } from '../../src/config/load.ts';
import { objectsOf, read, yamlFiles } from './files.ts';
import { given } from './roles.ts';

const FOLDER = 'deploy/components/capture';
const rights = given(`${FOLDER}/roles.yaml`);

describe('the component for captures', () => {
  test('gives nothing outside of the namespace of capture pods', () => {
    expect(rights.length).toBeGreaterThan(5);
    expect(rights.filter(({ namespace }) => namespace !== NAMESPACES.capture)).toEqual([]);
  });

  test('makes that namespace, which admits privileged pods, where a worker looks for it unless told otherwise', () => {
    const [namespace] = objectsOf(`${FOLDER}/namespace.yaml`);
    expect(namespace?.['metadata']).toMatchObject({
      name: DEFAULTS.capture.namespace,
      labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
    });
    expect(NAMESPACES.capture).toBe(DEFAULTS.capture.namespace);
  });

  test('bounds Leases by their names wherever RBAC can', () => {
    const leases = rights.filter(({ right }) => / leases\./.test(right) && !right.startsWith('create '));
    expect(leases.map(({ names }) => names)).toEqual(leases.map(() => 'dns-medic-capture-1,dns-medic-capture-2'));
  });

  test('gives the other remedies none of it, and nobody gets it who does not take it', () => {
    expect(given('deploy/components/remedies/roles.yaml').filter(({ namespace }) => namespace === NAMESPACES.capture)).toEqual([]);
    const kustomizations = yamlFiles('deploy').filter((file) => file.endsWith('/kustomization.yaml'));
    expect(kustomizations.filter((file) => /^(?!#).*components\/capture\b/m.test(read(file)))).toEqual([]);
    expect(objectsOf(`${FOLDER}/kustomization.yaml`)[0]).toMatchObject({ kind: 'Component', resources: ['namespace.yaml', 'roles.yaml'] });
  });
});
