import { describe, expect, test } from '@jest/globals';
import { isGitOps, ownerOf } from '../../../src/remedies/kit/owners.ts';

const lasting = { cluster: 'prod-a', addonValues: { replicaCount: 3 } };

describe('who keeps an object', () => {
  test.each([
    [{ managedFields: [{ manager: 'eks' }, { manager: 'kubectl-edit' }] }, 'eks-addon'],
    [{ annotations: { 'argocd.argoproj.io/tracking-id': 'a:apps/Deployment:shop/cart' } }, 'argocd'],
    [{ labels: { 'argocd.argoproj.io/instance': 'shop' } }, 'argocd'],
    [{ managedFields: [{ manager: 'argocd-controller' }] }, 'argocd'],
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }, 'flux'],
    [{ labels: { 'helm.toolkit.fluxcd.io/name': 'shop', 'app.kubernetes.io/managed-by': 'Helm' } }, 'flux'],
    [{ managedFields: [{ manager: 'kustomize-controller' }] }, 'flux'],
    [{ labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, 'helm'],
  ])('%j: %s', (metadata, manager) => {
    const owner = ownerOf({ metadata }, lasting);
    expect(owner).toMatchObject({ manager, takesBack: expect.stringMatching(/\.$/) });
    expect(isGitOps(owner)).toBe(manager === 'argocd' || manager === 'flux');
  });

  test.each([
    {},
    { labels: { 'eks.amazonaws.com/component': 'coredns' } },
    { labels: { 'app.kubernetes.io/managed-by': 'dns-medic' }, managedFields: [{ manager: 'kubectl-client-side-apply' }, null] },
    { labels: 'none', managedFields: 'none' },
  ])('%j: nobody that shows', (metadata) => {
    expect(ownerOf({ metadata }, lasting)).toBeNull();
    expect(isGitOps(null)).toBe(false);
  });
});

describe('the way that lasts with the EKS add-on', () => {
  const eks = { metadata: { managedFields: [{ manager: 'eks' }] } };

  test('is one command, whatever the cluster is called', () => {
    const owner = ownerOf(eks, { ...lasting, cluster: "a'b; rm -rf /" });
    expect(owner?.durable[0]).toBe(
      `aws eks update-addon --cluster-name 'a'\\''b; rm -rf /' --addon-name coredns --configuration-values '{"replicaCount":3}' --resolve-conflicts PRESERVE`,
    );
    expect(owner?.durable[1]).toContain('addon.configurationValues');
  });

  test('is not needed where the add-on has the same in its own manifest', () => {
    expect(ownerOf(eks, { ...lasting, addonValues: null })).toMatchObject({ manager: 'eks-addon', durable: [] });
  });
});
