import { z } from 'zod';
import { PodLog, SystemPod } from './coredns.ts';

/** kube-proxy: its DaemonSet (null: there is none) and its pods on the nodes that matter (`complete`: on all nodes). */
export const KubeProxy = z.object({
  daemonSet: z
    .object({
      namespace: z.string(),
      name: z.string(),
      desired: z.number(),
      ready: z.number(),
      image: z.string(),
      configMap: z.string().nullable(),
      /** `default` where kube-proxy does not talk to the API server as a service account of its own. */
      serviceAccount: z.string().optional(),
    })
    .nullable(),
  pods: z.array(SystemPod),
  complete: z.boolean(),
});
export type KubeProxy = z.infer<typeof KubeProxy>;

/** kube-proxy's configuration, as far as it was understood. */
export const KubeProxyConfig = z.object({
  configMap: z.string(),
  mode: z.string().nullable(),
  /** Address of the API server in its kubeconfig. */
  server: z.string().nullable(),
  clusterCIDR: z.string().nullable(),
  /** What is wrong with it, when that can be seen: an unknown mode, YAML that does not parse. */
  problem: z.string().nullable(),
});
export type KubeProxyConfig = z.infer<typeof KubeProxyConfig>;

/**
 * kube-proxy's logs by class, of the nodes that matter. Classes: api-timeout, api-refused, api-name, api-forbidden, api-unauthorized, api-cert,
 * iptables-failed, conntrack-failed, config-invalid, synced, started, fatal, other-error.
 */
export const KubeProxyLogs = z.object({ pods: z.array(PodLog) });
export type KubeProxyLogs = z.infer<typeof KubeProxyLogs>;
