import type { TestCluster } from './cluster.ts';

const image = 'docker.io/nicolaka/netshoot:v0.14';
const system = ['-n', 'kube-system'];

/** The lookups of one place as a person makes them: a loop of digs for each name, server and protocol. The same rows as the check asks. */
function lookups(servers: readonly string[]): string[] {
  const names = [
    'kubernetes.default.svc.cluster.local.',
    'amazon.com.',
    'never-$i.kubernetes.default.svc.cluster.local.',
    'never-$i.amazon.com.',
  ];
  const shots = { notcp: '1 2 3 4 5', tcp: '1 2' };
  return servers.flatMap((server) =>
    Object.entries(shots).flatMap(([proto, list]) =>
      names.map((name) => `for i in ${list}; do dig +tries=1 +time=2 +${proto} @${server} ${name}; done`),
    ),
  );
}

/**
 * The well-known procedure for DNS failures by kubectl, one command after another: Service, endpoints, pods, Corefile, kube-proxy and CoreDNS logs,
 * policies, rights, then a debug pod on each of two nodes with the same lookups as the check makes. Gives how long and how many commands.
 */
export async function manualProcedure(cluster: TestCluster): Promise<{ seconds: number; steps: number }> {
  let [seconds, steps] = [0, 0];
  const kubectl = async (...args: string[]): Promise<string> => {
    const done = await cluster.kubectl(...args);
    seconds += done.seconds;
    steps += 1;
    if (done.status !== 0) throw new Error(`kubectl ${args.slice(0, 5).join(' ')}: ${done.stderr.slice(0, 200)}`);
    return done.stdout.trim();
  };
  const names = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  const service = await kubectl(...system, 'get', 'service', 'kube-dns', '-o', 'jsonpath={.spec.clusterIP}');
  await kubectl('get', 'nodes', '-o', 'wide');
  await kubectl(...system, 'get', 'endpointslices', '-l', 'kubernetes.io/service-name=kube-dns', '-o', 'yaml');
  await kubectl(...system, 'get', 'deployment', 'coredns', '-o', 'yaml');
  const pods = names(await kubectl(...system, 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'jsonpath={.items[*].metadata.name}'));
  const addresses = names(await kubectl(...system, 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'jsonpath={.items[*].status.podIP}'));
  await kubectl(...system, 'get', 'events');
  await kubectl(...system, 'get', 'configmap', 'coredns', '-o', 'yaml');
  for (const pod of pods) await kubectl(...system, 'logs', pod, '--tail=2000');
  await kubectl(...system, 'get', 'daemonset', 'kube-proxy', '-o', 'yaml');
  await kubectl(...system, 'get', 'configmap', 'kube-proxy-config', '-o', 'yaml');
  for (const pod of names(
    await kubectl(...system, 'get', 'pods', '-l', 'k8s-app=kube-proxy', '-o', 'jsonpath={.items[*].metadata.name}'),
  )) {
    await kubectl(...system, 'logs', pod, '--tail=500');
  }
  await kubectl(...system, 'get', 'networkpolicies', '-o', 'yaml');
  for (const resource of ['services', 'namespaces', 'endpointslices.discovery.k8s.io']) {
    await kubectl('auth', 'can-i', 'list', resource, '--as=system:serviceaccount:kube-system:coredns');
  }
  const nodes = names(await kubectl(...system, 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'jsonpath={.items[*].spec.nodeName}'));
  for (const [index, node] of nodes.entries()) {
    const pod = `manual-${index}`;
    const overrides = JSON.stringify({ spec: { nodeName: node, terminationGracePeriodSeconds: 0 } });
    await kubectl(
      'run',
      pod,
      `--image=${image}`,
      '--image-pull-policy=IfNotPresent',
      '--restart=Never',
      `--overrides=${overrides}`,
      '--',
      'sleep',
      '600',
    );
    await kubectl('wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=60s');
    await kubectl('exec', pod, '--', 'cat', '/etc/resolv.conf');
    for (const script of lookups([service, ...addresses])) await kubectl('exec', pod, '--', 'sh', '-c', script);
    await kubectl('delete', 'pod', pod, '--grace-period=0', '--force');
  }
  return { seconds, steps };
}
