import { Command } from 'commander';
import { Failure } from '../base/failure.ts';
import { connect } from '../cluster/connect.ts';
import type { ClusterPort } from '../cluster/port.ts';
import { sweep, SWEPT } from '../cluster/probe-sweep.ts';
import { type ClusterOptions, targetFor, withCluster } from './options.ts';

/** Pods younger than this may be those of a check that goes on elsewhere: one takes 90 s at most, unless it was given more time. */
const youngSeconds = 120;
/** A capture of two minutes, and all that is done before and after it. */
const youngCaptureSeconds = 400;

interface SweepOptions extends ClusterOptions {
  all?: boolean;
}

/** Removes what is left in one namespace, and says so. Where none is, nothing is left. */
async function sweepIn(port: ClusterPort, { namespace }: { namespace: string }, young: number): Promise<void> {
  const removed = await sweep(port, { namespace }, { olderThanSeconds: young });
  removed.forEach((name) => process.stdout.write(`removed ${namespace}/${name}\n`));
  const { items } = await port.list(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: SWEPT });
  const left = items.filter((pod) => !removed.includes(String(pod['metadata']?.['name'])));
  if (removed.length + left.length === 0) process.stdout.write(`nothing was left in namespace ${namespace}\n`);
  if (left.length > 0)
    process.stdout.write(
      `${left.length} younger than ${young} s left alone, as a check or a capture may still use them: --all removes them too\n`,
    );
}

async function run(cluster: string | undefined, options: SweepOptions): Promise<void> {
  const target = targetFor(cluster, options);
  const { probe, capture } = target.settings;
  const port = await connect(target.access, process.env);
  const all = options.all === true;
  try {
    await sweepIn(port, probe, all ? -1 : youngSeconds);
    // whoever may not look there has made nothing there either
    await sweepIn(port, capture, all ? -1 : youngCaptureSeconds).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.reason !== 'forbidden') throw error;
    });
  } finally {
    await port.close();
  }
}

export const sweepUp = withCluster(new Command('sweep'))
  .description('remove probe and capture pods that a killed run left behind')
  .argument('[cluster]', 'a cluster of dns-medic.yaml, or a context of the kubeconfig')
  .option('--all', 'also those that a check may still be using')
  .action(run);
