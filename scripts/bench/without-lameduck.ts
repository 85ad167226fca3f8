import type { TestCluster } from '../e2e/cluster.ts';

const at = ['-n', 'kube-system'] as const;

async function kubectl(cluster: TestCluster, ...args: string[]): Promise<string> {
  const done = await cluster.kubectl(...args);
  if (done.status !== 0) throw new Error(`kubectl ${args.slice(0, 4).join(' ')}: ${done.stderr.slice(-300)}`);
  return done.stdout;
}

/** Writes a Corefile and has all pods run it. */
async function run(cluster: TestCluster, Corefile: string): Promise<void> {
  await kubectl(cluster, ...at, 'patch', 'configmap', 'coredns', '--type', 'merge', '-p', JSON.stringify({ data: { Corefile } }));
  await kubectl(cluster, ...at, 'rollout', 'restart', 'deployment/coredns');
  await kubectl(cluster, ...at, 'rollout', 'status', 'deployment/coredns', '--timeout=50s');
}

/** Does something while CoreDNS has no lameduck time, and puts the Corefile back as it was. */
export async function withoutLameduck<T>(cluster: TestCluster, act: () => Promise<T>): Promise<T> {
  const corefile = await kubectl(cluster, ...at, 'get', 'configmap', 'coredns', '-o', 'jsonpath={.data.Corefile}');
  await run(cluster, corefile.replace(/^\s*lameduck .*\n/m, ''));
  try {
    return await act();
  } finally {
    await run(cluster, corefile);
  }
}
