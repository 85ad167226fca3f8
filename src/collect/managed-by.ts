import { arr, str, strMap } from './pick.ts';

/**
 * Who keeps an object as it is, so that a change by hand may be undone: eks-addon, argocd, flux or helm; null when nothing says so.
 * Only the field manager `eks` proves the EKS add-on: its labels stay on copies that people apply themselves (EKS User Guide, "Kubernetes field
 * management").
 */
export function managedBy(json: unknown): string | null {
  const labels = strMap(json, 'metadata.labels');
  const annotations = strMap(json, 'metadata.annotations');
  if (arr(json, 'metadata.managedFields').some((entry) => str(entry, 'manager') === 'eks')) return 'eks-addon';
  if ('argocd.argoproj.io/tracking-id' in annotations || 'argocd.argoproj.io/instance' in labels) return 'argocd';
  if ('kustomize.toolkit.fluxcd.io/name' in labels || 'helm.toolkit.fluxcd.io/name' in labels) return 'flux';
  return labels['app.kubernetes.io/managed-by'] === 'Helm' ? 'helm' : null;
}
