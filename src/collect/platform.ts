import { obj, str } from './pick.ts';

/** Prefixes of the label keys that installers put on nodes. */
const labels: readonly (readonly [string, string])[] = [
  ['eks.amazonaws.com/', 'eks'],
  ['alpha.eksctl.io/', 'eks'],
  ['cloud.google.com/gke-', 'gke'],
  ['kubernetes.azure.com/', 'aks'],
  ['node.openshift.io/', 'openshift'],
];
const versions: readonly (readonly [string, string])[] = [
  ['-eks-', 'eks'],
  ['+k3s', 'k3s'],
  ['+rke2', 'rke2'],
  ['-gke.', 'gke'],
];

/** Whose Kubernetes this is: eks, k3s, rke2, gke, aks, openshift, kubeadm or unknown; from versions and one node as the API server gives it. */
export function platformOf(version: string, node: unknown): string {
  const texts = [version, str(node, 'status.nodeInfo.kubeletVersion') ?? ''];
  const keys = Object.keys(obj(node, 'metadata.labels'));
  return (
    versions.find(([part]) => texts.some((text) => text.includes(part)))?.[1] ??
    labels.find(([prefix]) => keys.some((key) => key.startsWith(prefix)))?.[1] ??
    (str(node, ['metadata', 'annotations', 'kubeadm.alpha.kubernetes.io/cri-socket']) === null ? 'unknown' : 'kubeadm')
  );
}
