import type { Json } from '../../cluster/port.ts';
import type { Owner } from '../../domain/plan.ts';

/** What a change is, for those who keep it where it lasts. */
export interface Lasting {
  /** The cluster's name, for the command. */
  cluster: string;
  /** Values of the EKS add-on `coredns` that say the same; null: the add-on's own manifest says so already. */
  addonValues: object | null;
}

const managers = (json: Json): string[] => {
  const entries: unknown = json['metadata']?.['managedFields'];
  return Array.isArray(entries) ? entries.map((entry: Json | null) => String(entry?.['manager'] ?? '')) : [];
};

const strings = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** A word that a shell takes as it is, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

// the values replace all that were given before, and conflicts are kept only with PRESERVE (EKS User Guide, "Update an Amazon EKS add-on")
function addon({ cluster, addonValues }: Lasting): Owner {
  const name = `--cluster-name ${quoted(cluster)} --addon-name coredns`;
  if (addonValues === null)
    return {
      manager: 'eks-addon',
      takesBack:
        'EKS writes this object anew at each update of the add-on, as its own manifest has it: what is put right here stays right.',
      durable: [],
    };
  return {
    manager: 'eks-addon',
    takesBack: 'EKS takes it back at the next update of the add-on that overwrites what was changed by hand.',
    durable: [
      `aws eks update-addon ${name} --configuration-values ${quoted(JSON.stringify(addonValues))} --resolve-conflicts PRESERVE`,
      `The values replace all that were set before: merge them with those of aws eks describe-addon ${name} --query addon.configurationValues`,
    ],
  };
}

const gitOps = (manager: 'argocd' | 'flux', name: string): Owner => ({
  manager,
  takesBack: `${name} takes it back at its next synchronization, within minutes.`,
  durable: [`Make the same change in the repository that ${name} reads.`],
});

const helm: Owner = {
  manager: 'helm',
  takesBack: 'Helm takes it back at the next upgrade of its release.',
  durable: ['Make the same change in the values of the release.'],
};

/** The managers by which GitOps controllers apply (argo-cd, common/common.go; kustomize-controller, its field manager). */
const isBy = (by: readonly string[], name: string): boolean => by.some((one) => one.startsWith(name));

/**
 * Who keeps an object as it is and would take a change back; null: nobody that shows. Only the field manager `eks` proves the EKS add-on: its
 * labels stay on copies that people apply themselves (EKS User Guide, "Kubernetes field management").
 */
export function ownerOf(json: Json, lasting: Lasting): Owner | null {
  const labels = strings(json['metadata']?.['labels']);
  const annotations = strings(json['metadata']?.['annotations']);
  const by = managers(json);
  if (by.includes('eks')) return addon(lasting);
  if ('argocd.argoproj.io/tracking-id' in annotations || 'argocd.argoproj.io/instance' in labels || isBy(by, 'argocd-'))
    return gitOps('argocd', 'Argo CD');
  if ('kustomize.toolkit.fluxcd.io/name' in labels || 'helm.toolkit.fluxcd.io/name' in labels || isBy(by, 'kustomize-controller'))
    return gitOps('flux', 'Flux');
  return labels['app.kubernetes.io/managed-by'] === 'Helm' ? helm : null;
}

/** Whether it is read from a repository: a change by hand lasts minutes. */
export const isGitOps = (owner: Owner | null): boolean => owner?.manager === 'argocd' || owner?.manager === 'flux';
