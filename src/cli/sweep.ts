import { Command } from 'commander';
import { connect } from '../cluster/connect.ts';
import { MANAGED_BY, MANAGER, ROLE_LABEL } from '../cluster/probe-manifest.ts';
import { sweep } from '../cluster/probe-sweep.ts';
import { type ClusterOptions, targetFor, withCluster } from './options.ts';

/** Pods younger than this may be those of a check that goes on elsewhere: one takes 90 s at most, unless it was given more time. */
const youngSeconds = 120;

interface SweepOptions extends ClusterOptions {
  all?: boolean;
}

async function run(cluster: string | undefined, options: SweepOptions): Promise<void> {
  const target = targetFor(cluster, options);
  const { probe } = target.settings;
  const port = await connect(target.access, process.env);
  try {
    const removed = await sweep(port, probe, { olderThanSeconds: options.all === true ? -1 : youngSeconds });
    removed.forEach((name) => process.stdout.write(`removed ${probe.namespace}/${name}\n`));
    const labelSelector = `${MANAGED_BY}=${MANAGER},${ROLE_LABEL} in (probe,twin)`;
    const { items } = await port.list(`/api/v1/namespaces/${probe.namespace}/pods`, { labelSelector });
    const left = items.filter((pod) => !removed.includes(String(pod['metadata']?.['name'])));
    if (removed.length + left.length === 0) process.stdout.write(`nothing was left in namespace ${probe.namespace}\n`);
    if (left.length > 0)
      process.stdout.write(
        `${left.length} younger than ${youngSeconds} s left alone, as a check may still use them: --all removes them too\n`,
      );
  } finally {
    await port.close();
  }
}

export const sweepUp = withCluster(new Command('sweep'))
  .description('remove probe pods that a killed run left behind')
  .argument('[cluster]', 'a cluster of dns-medic.yaml, or a context of the kubeconfig')
  .option('--all', 'also those that a check may still be using')
  .action(run);
