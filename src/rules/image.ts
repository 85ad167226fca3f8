const MAX_LENGTH = 1024;

/** Repositories, without their registry, under which CoreDNS itself is published; mirrors keep the end of the path. */
const OFFICIAL = [
  'coredns/coredns',
  'eks/coredns',
  'oss/kubernetes/coredns',
  'oss/v2/kubernetes/coredns',
  'rancher/mirrored-coredns-coredns',
  'rancher/coredns-coredns',
  'rancher/hardened-coredns',
];
/** kubeadm before 1.21 pulled CoreDNS from the top of these registries. */
const OFFICIAL_AT_TOP = ['registry.k8s.io/coredns', 'k8s.gcr.io/coredns'];

/** CoreDNS' version from the tag of its image (`…/eks/coredns:v1.12.4-eksbuild.1` is "1.12.4"); null when the tag does not say. */
export function imageVersion(image: string): string | null {
  const { tag } = split(image);
  return /^v?(\d{1,6}\.\d{1,6}(?:\.\d{1,6})?)(?![\d.])/.exec(tag)?.[1] ?? null;
}

/** Whether an image comes from a repository that publishes unchanged CoreDNS (its own, EKS, k3s/RKE2, AKS) or a mirror of one. */
export function isOfficialCoredns(image: string): boolean {
  const { repository } = split(image);
  return OFFICIAL_AT_TOP.includes(repository) || OFFICIAL.some((path) => repository === path || repository.endsWith(`/${path}`));
}

/**
 * Orders two versions: negative, zero or positive. Missing parts count as 0; a pre-release (rc, alpha, beta) comes before its release,
 * a rebuild (`-eksbuild.2`) after it, by its number.
 */
export function compareVersions(a: string, b: string): number {
  const left = rank(a);
  const right = rank(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function rank(version: string): number[] {
  const parts = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+_.]?([a-z]*)[-.]?(\d{0,9}))?/i.exec(version) ?? [];
  const [, major = '0', minor = '0', patch = '0', word = '', build = '0'] = parts;
  const stage = ['alpha', 'beta', 'rc'].indexOf(word.toLowerCase());
  return [Number(major), Number(minor), Number(patch), stage === -1 ? 0 : stage - 3, Number(build)];
}

/** `host:port/path:tag@digest` in its parts; a colon before the last slash belongs to the port. */
function split(image: string): { repository: string; tag: string } {
  const named = image.slice(0, MAX_LENGTH).split('@')[0] ?? '';
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon === -1 ? { repository: named, tag: '' } : { repository: named.slice(0, colon), tag: named.slice(colon + 1) };
}
