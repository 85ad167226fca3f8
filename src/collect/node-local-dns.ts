import { parseIp } from '../rules/ip-address.ts';
import type { ClusterPort, Json } from '../cluster/port.ts';
import type { ClusterClass } from '../domain/nodes.ts';
import { outcome } from './bounded.ts';
import { type DaemonSets, containersOf, daemonSetOf, desiredOf, envOf, wordsOf } from './daemon-sets.ts';
import { arr, num, obj, str } from './pick.ts';

/** NodeLocal DNSCache and the addresses that it listens on, null when it is not there. */
export async function nodeLocalDns(port: ClusterPort, all: DaemonSets, signal: AbortSignal): Promise<ClusterClass['nodeLocalDns']> {
  const found = daemonSetOf(all, 'node-local-dns', 'nodelocaldns');
  if (found === null) return null;
  const namespace = str(found, 'metadata.namespace') ?? 'kube-system';
  const given = containersOf(found).flatMap(localIps);
  return {
    namespace,
    name: str(found, 'metadata.name') ?? '',
    desired: desiredOf(found),
    ready: num(found, 'status.numberReady') ?? 0,
    ips: given.length > 0 ? given : await boundIps(port, found, namespace, signal),
  };
}

/** The list after `-localip`; it may be a variable of the container: `$(LOCAL_IP)`. */
function localIps(container: unknown): string[] {
  const words = wordsOf(container);
  const at = words.findIndex((word) => /^--?localip(=|$)/.test(word));
  const word = words[at] ?? '';
  const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? '');
  const list = at === -1 ? variable(container, 'LOCAL_IP') : value;
  return ipsIn(
    list
      .split(',')
      .map((one) => (/^\$\(\w+\)$/.test(one) ? variable(container, one.slice(2, -1)) : one))
      .join(','),
  );
}

function variable(container: unknown, name: string): string {
  return envOf(container, name) ?? '';
}

/** The addresses of the `bind` lines in the Corefile that it mounts. */
async function boundIps(port: ClusterPort, daemonSet: Json, namespace: string, signal: AbortSignal): Promise<string[]> {
  const names = arr(daemonSet, 'spec.template.spec.volumes').flatMap((volume) => str(volume, 'configMap.name') ?? []);
  // the other ConfigMap that it may mount is kube-dns', with stub domains
  const name = names.find((one) => one !== 'kube-dns');
  if (name === undefined) return [];
  const path = `/api/v1/namespaces/${namespace}/configmaps/${encodeURIComponent(name)}`;
  const found = await outcome(port.get(path, {}, { signal, maxBytes: 1_048_576 }));
  const texts = 'value' in found ? Object.values(obj(found.value, 'data')) : [];
  const lines = texts.flatMap((text) => (typeof text === 'string' ? text.split('\n') : []));
  return [
    ...new Set(
      lines
        .map((line) => line.trim())
        .filter((line) => line.startsWith('bind '))
        .flatMap(ipsIn),
    ),
  ];
}

function ipsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => parseIp(word) !== null);
}
