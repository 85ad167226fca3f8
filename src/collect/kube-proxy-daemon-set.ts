import type { KubeProxy } from '../domain/kube-proxy.ts';
import type { Json } from '../cluster/port.ts';
import { arr, num, obj, str, strMap, strings } from './pick.ts';
import { mainContainer } from './system-pod.ts';

/** kube-proxy's DaemonSet out of the object as the API server gives it. */
export function kubeProxyDaemonSet(raw: Json): NonNullable<KubeProxy['daemonSet']> {
  const container = mainContainer(obj(raw, 'spec.template.spec'), 'kube-proxy');
  return {
    namespace: str(raw, 'metadata.namespace') ?? 'kube-system',
    name: str(raw, 'metadata.name') ?? 'kube-proxy',
    desired: num(raw, 'status.desiredNumberScheduled') ?? 0,
    ready: num(raw, 'status.numberReady') ?? 0,
    image: str(container, 'image') ?? '',
    configMap: configMapOf(raw, container),
    serviceAccount: str(raw, 'spec.template.spec.serviceAccountName') ?? 'default',
  };
}

/** The label selector of its pods, `key=value,...`; null when it has none that can be written so. */
export function podSelector(raw: Json | null): string | null {
  const labels = Object.entries(strMap(raw, 'spec.selector.matchLabels'));
  return labels.length === 0 ? null : labels.map(([key, value]) => `${key}=${value}`).join(',');
}

/** The ConfigMap mounted where `--config` points; else the only one, or the one that is named after kube-proxy. */
function configMapOf(raw: Json, container: unknown): string | null {
  const maps = configMapVolumes(raw);
  const path = configPath(container);
  const mount = arr(container, 'volumeMounts').find(
    (one) => path !== null && isUnder(path, str(one, 'mountPath')) && maps.has(str(one, 'name') ?? ''),
  );
  const mounted = maps.get(str(mount, 'name') ?? '');
  if (mounted !== undefined) return mounted;
  const names = [...maps.values()];
  return names.find((name) => name === 'kube-proxy-config') ?? names.find((name) => name.startsWith('kube-proxy')) ?? names[0] ?? null;
}

/** ConfigMap names by volume name. */
function configMapVolumes(raw: Json): Map<string, string> {
  const pairs = arr(raw, 'spec.template.spec.volumes').map((volume) => [str(volume, 'name'), str(volume, 'configMap.name')] as const);
  return new Map(pairs.filter((pair): pair is [string, string] => pair[0] !== null && pair[1] !== null));
}

function configPath(container: unknown): string | null {
  const words = [...strings(container, 'command'), ...strings(container, 'args')].flatMap((word) => word.split(/\s+/));
  const joined = words.find((word) => word.startsWith('--config='));
  const next = words[words.indexOf('--config') + 1];
  return joined?.slice('--config='.length) ?? (words.includes('--config') ? (next ?? null) : null);
}

function isUnder(path: string, folder: string | null): boolean {
  if (folder === null || folder === '') return false;
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
