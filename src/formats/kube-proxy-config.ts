import { parse } from 'yaml';

/** What a KubeProxyConfiguration says, as far as it can be understood. */
export interface ProxyConfig {
  /** '' where it is left to kube-proxy (iptables on Linux); null when the text is not understood. */
  mode: string | null;
  clusterCIDR: string | null;
  /** Why kube-proxy would not start with it, null when nothing is seen. */
  problem: string | null;
}

/** Modes that kube-proxy's validation accepts (kubernetes pkg/proxy/apis/config/validation). `userspace` was removed in 1.26. */
const modes = ['', 'iptables', 'ipvs', 'nftables', 'kernelspace'];
const maxChars = 65_536;

/** Reads the text of a KubeProxyConfiguration. Never throws. */
export function parseKubeProxyConfig(text: string): ProxyConfig {
  const { value, problem } = document(text);
  if (problem !== null) return { mode: null, clusterCIDR: null, problem };
  const mode = value['mode'] ?? '';
  if (typeof mode !== 'string') return { mode: null, clusterCIDR: null, problem: 'mode is not a string' };
  return { mode: mode.slice(0, 100), clusterCIDR: shortText(value['clusterCIDR']), problem: kindProblem(value) ?? modeProblem(mode) };
}

/** The API server's address that a kubeconfig's current context leads to; null when the text does not say. Never throws. */
export function kubeconfigServer(text: string): string | null {
  const { value } = document(text);
  const context = named(value['contexts'], value['current-context']) ?? first(value['contexts']);
  const name = member(member(context, 'context'), 'cluster');
  const cluster = named(value['clusters'], name) ?? first(value['clusters']);
  return shortText(member(member(cluster, 'cluster'), 'server'));
}

function document(text: string): { value: Record<string, unknown>; problem: string | null } {
  if (text.length > maxChars) return { value: {}, problem: `longer than ${maxChars} characters` };
  try {
    const value: unknown = parse(text, { logLevel: 'error' });
    if (isObject(value)) return { value, problem: null };
    return { value: {}, problem: 'is not a YAML mapping' };
  } catch (error) {
    return { value: {}, problem: `YAML does not parse: ${firstLine(error)}` };
  }
}

function kindProblem(value: Record<string, unknown>): string | null {
  const kind = value['kind'];
  if (kind === 'KubeProxyConfiguration') return null;
  return typeof kind === 'string'
    ? `kind is ${kind.slice(0, 100)}, not KubeProxyConfiguration`
    : 'kind is missing, KubeProxyConfiguration is expected';
}

function modeProblem(mode: string): string | null {
  if (modes.includes(mode)) return null;
  return mode === 'userspace' ? 'mode userspace was removed in Kubernetes 1.26' : `unknown mode ${JSON.stringify(mode.slice(0, 100))}`;
}

function named(list: unknown, name: unknown): unknown {
  return Array.isArray(list) ? list.find((item) => member(item, 'name') === name && name !== undefined) : undefined;
}
function first(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}
function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
function shortText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 500) : null;
}
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 200) ?? '';
}
