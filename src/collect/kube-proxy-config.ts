import { Failure } from '../base/failure.ts';
import type { Json } from '../cluster/port.ts';
import { kubeconfigServer, parseKubeProxyConfig } from '../formats/kube-proxy-config.ts';
import { outcome } from './bounded.ts';
import type { CollectContext, Collector } from './collector.ts';
import { given } from './given.ts';
import { strMap } from './pick.ts';

/** kube-proxy's configuration: its mode and the API server it talks to. EKS keeps its kubeconfig in a second ConfigMap, `kube-proxy`. */
export const kubeProxyConfig: Collector<'kube-proxy-config'> = {
  id: 'kube-proxy-config',
  title: "Reading kube-proxy's configuration",
  after: ['kube-proxy'],
  needs: [{ group: '', resource: 'configmaps', verb: 'get', scope: 'system' }],
  timeoutMs: 8000,
  async collect(context) {
    const { namespace, configMap } = whereItIs(context);
    const data = strMap(await readConfigMap(context, namespace, configMap), 'data');
    const text = configText(data);
    if (text === null) throw new Failure('missing', `ConfigMap ${namespace}/${configMap} has no KubeProxyConfiguration`);
    const kubeconfig = kubeconfigText(data) ?? (configMap === 'kube-proxy' ? null : await otherKubeconfig(context, namespace));
    return { configMap, ...parseKubeProxyConfig(text), server: kubeconfig === null ? null : kubeconfigServer(kubeconfig) };
  },
};

function whereItIs({ have }: CollectContext): { namespace: string; configMap: string } {
  const proxy = given(have['kube-proxy']);
  if (proxy === null) throw new Failure('skipped', 'kube-proxy could not be read');
  if (proxy.daemonSet === null) throw new Failure('missing', 'there is no kube-proxy DaemonSet');
  const { namespace, name, configMap } = proxy.daemonSet;
  if (configMap === null) throw new Failure('missing', `DaemonSet ${namespace}/${name} mounts no ConfigMap`);
  return { namespace, configMap };
}

async function readConfigMap({ port, signal }: CollectContext, namespace: string, name: string): Promise<Json> {
  return port.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`, {}, { signal });
}

async function otherKubeconfig(context: CollectContext, namespace: string): Promise<string | null> {
  const other = await outcome(readConfigMap(context, namespace, 'kube-proxy'));
  return 'value' in other ? kubeconfigText(strMap(other.value, 'data')) : null;
}

function configText(data: Record<string, string>): string | null {
  return data['config'] ?? data['config.conf'] ?? Object.values(data).find((text) => text.includes('KubeProxyConfiguration')) ?? null;
}

function kubeconfigText(data: Record<string, string>): string | null {
  return data['kubeconfig'] ?? data['kubeconfig.conf'] ?? null;
}
