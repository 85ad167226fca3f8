import { Command } from 'commander';
import { connect } from '../cluster/connect.ts';
import { CURRENT } from '../config/resolve.ts';
import { type DoctorReport, doctorStatus } from '../report/doctor.ts';
import { doctorText } from '../report/terminal/doctor.ts';
import { paletteFor } from './colours.ts';
import { examine } from './doctor-questions.ts';
import { couldNotTell } from './exit-status.ts';
import { type ClusterOptions, targetFor, withCluster } from './options.ts';
import { widthOf } from './print.ts';

interface DoctorOptions extends ClusterOptions {
  namespace?: string;
  tryProbe?: boolean;
  remedies?: boolean;
  json?: boolean;
}

const statuses = { well: 0, missing: 1, unknown: couldNotTell } as const;

const remedyRbacTitle = '# This gives just what the remedies lack:';

/** The RBAC of the remedies is long, and not missed by most. */
function textOf(report: DoctorReport, { remedies }: DoctorOptions): string {
  const text = doctorText(report, { width: widthOf(process.stdout), palette: paletteFor(process.stdout) });
  const { remedyRbac = '' } = report;
  return remedies === true && remedyRbac !== '' ? `${text}\n${remedyRbacTitle}\n\n${remedyRbac}` : text;
}

async function run(cluster: string | undefined, options: DoctorOptions): Promise<void> {
  const target = targetFor(cluster, options);
  const port = await connect(target.access, process.env);
  try {
    const { settings } = target;
    const name = target.name === CURRENT ? port.contextName : target.name;
    const report = await examine({
      cluster: name,
      port,
      settings,
      podNamespace: options.namespace ?? null,
      probe: options.tryProbe === true,
    });
    if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
    else process.stdout.write(textOf(report, options));
    process.exitCode = statuses[doctorStatus(report)];
  } finally {
    await port.close();
  }
}

export const doctor = withCluster(new Command('doctor'))
  .description('say which rights are missing, what that costs, and the RBAC that gives them')
  .argument('[cluster]', 'a cluster of dns-medic.yaml, or a context of the kubeconfig')
  .option('-n, --namespace <name>', 'also what `check --pod` needs for pods of this namespace')
  .option('--try-probe', 'start a probe pod, and remove it')
  .option('--remedies', 'also the RBAC that gives what the remedies lack')
  .option('--json', 'print the answer as one JSON document')
  .action(run);
