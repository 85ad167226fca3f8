interface Asked {
  group: string;
  resource: string;
  verb: string;
}

const why: Readonly<Record<string, string>> = {
  'get nodes/proxy':
    "reads the kubelet's own settings (clusterDNS, clusterDomain); it is a strong right: through it a kubelet can be told to run commands. Without it a probe pod's resolv.conf tells the same",
  'list daemonsets.apps': 'finds NodeLocal DNSCache and network plugins that live outside the DNS namespace',
  'create pods/exec':
    'looks into the named pod and asks from inside it; it is a strong right. Without it a twin of the pod asks in its place',
  'get pods/exec': 'the same right for clients that open the stream by GET',
  'patch pods/ephemeralcontainers': 'adds a container to the named pod, only with --ephemeral; it stays until the pod is deleted',
};

/** The right in short: `get nodes/proxy`, `list daemonsets.apps`. */
export const rightName = ({ group, resource, verb }: Asked): string => `${verb} ${resource}${group === '' ? '' : `.${group}`}`;

/** What an optional right is good for, and why it is not in the default role. Empty when nothing is known. */
export const whyOptional = (permission: Asked): string => why[rightName(permission)] ?? '';
