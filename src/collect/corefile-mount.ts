import { arr, obj, str, strings } from './pick.ts';

/** The ConfigMap and key behind the file of CoreDNS' `-conf`; the ConfigMap is null when no ConfigMap is mounted there. */
export interface CorefileMount {
  configMap: string | null;
  key: string;
}

interface Source {
  name: string;
  items: readonly unknown[];
}

/** Follows `-conf` through the container's mounts and the pod's volumes. */
export function corefileMount(podSpec: unknown, container: unknown): CorefileMount {
  const path = confPath(container);
  const slash = path.lastIndexOf('/');
  const file = path.slice(slash + 1);
  const mounts = arr(container, 'volumeMounts');
  const mount =
    mounts.find((one) => withoutSlash(str(one, 'mountPath')) === path && path !== '') ??
    mounts.find((one) => slash > 0 && withoutSlash(str(one, 'mountPath')) === path.slice(0, slash));
  const wanted = str(mount, 'subPath') ?? file;
  const volume = arr(podSpec, 'volumes').find((one) => mount !== undefined && str(one, 'name') === str(mount, 'name'));
  return keyOf(sourcesOf(volume), wanted);
}

/** A ConfigMap without `items` has each key as a file of that name; one with `items` only those. */
function keyOf(sources: readonly Source[], wanted: string): CorefileMount {
  for (const { name, items } of sources) {
    const item = items.find((one) => str(one, 'path') === wanted);
    if (item !== undefined) return { configMap: name, key: str(item, 'key') ?? wanted };
  }
  const whole = sources.find(({ items }) => items.length === 0);
  return { configMap: whole?.name ?? null, key: wanted };
}

function sourcesOf(volume: unknown): Source[] {
  const maps = [obj(volume, 'configMap'), ...arr(volume, 'projected.sources').map((source) => obj(source, 'configMap'))];
  return maps.flatMap((map) => {
    const name = str(map, 'name');
    return name === null ? [] : [{ name, items: arr(map, 'items') }];
  });
}

/** The value of `-conf`; CoreDNS reads `Corefile` of its working directory without it. */
function confPath(container: unknown): string {
  const words = [...strings(container, 'command'), ...strings(container, 'args')];
  for (const [index, word] of words.entries()) {
    if (word === '-conf' || word === '--conf') return words[index + 1] ?? 'Corefile';
    if (/^--?conf=/.test(word)) return word.slice(word.indexOf('=') + 1);
  }
  return 'Corefile';
}

function withoutSlash(path: string | null): string {
  return path === null ? '' : path.endsWith('/') ? path.slice(0, -1) : path;
}
