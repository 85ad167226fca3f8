import { Command } from 'commander';
import { type RemedyOptions, runRemedy } from './remedy.ts';
import { withSubject } from './options.ts';

interface CaptureOptions extends RemedyOptions {
  coredns?: string;
  seconds?: string;
  filter?: string;
}

/** A capture is a remedy that only looks: it is planned, asked for, written into the audit, and stopped like one. */
async function run(cluster: string | undefined, { coredns, seconds, filter, ...options }: CaptureOptions): Promise<void> {
  const given = { coredns, seconds, filter, node: options.node };
  const param = Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  await runRemedy('capture-packets', cluster, { ...options, param });
}

export const capture = withSubject(new Command('capture'))
  .description('capture DNS packets at clients and at CoreDNS, and say where queries get lost')
  .argument('[cluster]', 'a cluster of dns-medic.yaml, or a context of the kubeconfig')
  .option('--coredns <pod>', 'the CoreDNS pod to capture at, or all (at most four)')
  .option('--seconds <number>', 'for how long, 5 to 120 (default: 30)')
  .option('--filter <expression>', 'a filter of tcpdump that takes packets away, such as "host 10.0.1.7"')
  .option('--write <folder>', 'keep the files, a pcap for each place')
  .option('--names', 'show the names that are asked for, and the clients that ask')
  .option('--dry-run', 'show the plan, and capture nothing')
  .option('--yes', 'carry it out without asking')
  .option('--type-name <cluster>', 'the name of the cluster, where it would have to be typed')
  .option('--reason <text>', 'why, for the audit')
  .option('--json', 'print one JSON document at the end')
  .action(run);
