import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { expectationsFile, findCluster, medic, type TestCluster } from './e2e/cluster.ts';
import { Lab, moreFaults } from './e2e/more-faults.ts';
import { churn, type Unusual, unusualClusters } from './e2e/unusual.ts';
import { someCaptures, tryAllCaptures } from './e2e/capture.ts';
import { alarms, complaints, readExpectations, readReport } from './e2e/compare.ts';
import { type Row, say } from './e2e/row.ts';
import { someMends, tryMends } from './e2e/mend.ts';
import { trySlack } from './e2e/slack.ts';
import { tryHardDays } from './e2e/slack/hard-days.ts';
import { tryQueryLog } from './e2e/slack/query-log.ts';

/**
 * Faults on a real cluster against what `check` says of them.
 *   e2e                the representative faults      e2e --all         every fault
 *   e2e --only a,b     these                          e2e --save DIR    keeps the bundle of each
 *   e2e --healthy N    N runs on the healthy cluster while pods come and go, and with every application as the named pod
 *   e2e --unusual      healthy clusters that are laid out unusually
 *   e2e --more all|a,b faults of our own
 *   e2e --slack        the whole way in Slack; without any of these words it comes after the representative faults
 *   e2e --query-log    queries are logged for a minute; bot, worker and Redis are killed meanwhile, and it must be off again
 *   e2e --capture all|slack|a,b  packets are captured while these faults are there (or `healthy`), and compared with where they are dropped
 *   e2e --hard-days    a change that is undone, stopped, cannot come to its end, or loses its worker
 *   e2e --mend all|more|a,b faults that are mended by buttons, with two people; `some` of them come with the representative faults
 */
const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    save: { type: 'string' },
    'no-heal-check': { type: 'boolean', default: false },
    healthy: { type: 'string' },
    unusual: { type: 'boolean', default: false },
    more: { type: 'string' },
    slack: { type: 'boolean', default: false },
    mend: { type: 'string' },
    capture: { type: 'string' },
    'query-log': { type: 'boolean', default: false },
    'hard-days': { type: 'boolean', default: false },
  },
});

/** One of each kind: pods, Corefile, Service, kube-proxy, network, policies, client. */
const representative = [
  'coredns-no-pods',
  'coredns-crashloop-corefile-error',
  'corefile-reload-failed',
  'corefile-forward-unreachable',
  'corefile-kubernetes-zone-mismatch',
  'kubedns-selector-mismatch',
  'kubedns-targetport-wrong',
  'kubeproxy-not-running-on-node',
  'endpoint-udp-dropped',
  'tcp53-blocked',
  'packet-loss-half',
  'netpol-egress-denies-dns',
  'pod-nameserver-wrong',
  'ndots-amplification',
];

async function checked(
  cluster: TestCluster,
  args: readonly string[],
  judge: (report: Exclude<ReturnType<typeof readReport>, string>) => string[],
): Promise<Omit<Row, 'fault' | 'expected'>> {
  const done = await medic(['check', '--kubeconfig', cluster.kubeconfig, '--json', ...args]);
  const report = readReport(done.stdout);
  if (typeof report === 'string') return { found: '-', seconds: done.seconds, wrong: [`${report} ${done.stderr.slice(-300)}`] };
  return { found: report.verdict.causes.join(',') || report.verdict.status, seconds: done.seconds, wrong: judge(report) };
}

async function tryFault(cluster: TestCluster, fault: string, expected: ReturnType<typeof readExpectations>[string]): Promise<Row[]> {
  const on = await cluster.fault?.('on', fault);
  if (on?.status !== 0)
    return [
      say({
        fault,
        expected: expected.cause.join(),
        found: '-',
        seconds: 0,
        wrong: [`the fault could not be injected: ${on?.stderr.slice(-200) ?? ''}`],
      }),
    ];
  const save = values.save === undefined ? [] : ['--save', `${values.save}/${fault}.json`];
  const pod = expected.pod === undefined ? [] : ['--pod', expected.pod];
  const sick = say({
    fault,
    expected: expected.cause.join(),
    ...(await checked(cluster, [...pod, ...save], (report) => complaints(report, expected))),
  });
  await cluster.fault?.('off', fault);
  if (values['no-heal-check']) return [sick];
  return [sick, say({ fault: `  after ${fault}`, expected: 'healthy', ...(await checked(cluster, [], alarms)) })];
}

const applications = ['shop/cart', 'shop/pay', 'shop/search'];

/** Runs on the healthy cluster, without a pod and with each application in turn, while pods are made and deleted beside them. */
async function tryHealthy(cluster: TestCluster, runs: number): Promise<Row[]> {
  const busy = churn(cluster, 'shop');
  const rows: Row[] = [];
  for (let index = 0; index < runs; index++) {
    const pod = index % 2 === 0 ? undefined : applications[((index - 1) / 2) % applications.length];
    const args = pod === undefined ? [] : ['--pod', pod];
    rows.push(say({ fault: `healthy run ${index + 1} ${pod ?? ''}`, expected: 'healthy', ...(await checked(cluster, args, alarms)) }));
  }
  await busy.stop();
  return rows;
}

async function tryUnusual(cluster: TestCluster, unusual: Unusual): Promise<Row> {
  try {
    await unusual.make(cluster);
    const args = unusual.pod === undefined ? [] : ['--pod', unusual.pod];
    return say({ fault: unusual.name, expected: 'healthy', ...(await checked(cluster, args, alarms)) });
  } catch (error) {
    return say({ fault: unusual.name, expected: 'healthy', found: '-', seconds: 0, wrong: [String(error)] });
  } finally {
    await unusual.undo(cluster);
  }
}

async function tryMore(cluster: TestCluster, name: string): Promise<Row> {
  const fault = moreFaults[name];
  if (fault === undefined) throw new Error(`no fault ${name}: ${Object.keys(moreFaults).join(', ')}`);
  const lab = new Lab(cluster);
  const save = values.save === undefined ? [] : ['--save', `${values.save}/${name}.json`];
  const shown = { fault: name, expected: fault.expected.cause.join() };
  try {
    await fault.on(lab);
    return say({ ...shown, ...(await checked(cluster, [...(fault.args ?? []), ...save], (report) => complaints(report, fault.expected))) });
  } catch (error) {
    return say({ ...shown, found: '-', seconds: 0, wrong: [String(error)] });
  } finally {
    await fault.undo?.(lab).catch(() => {});
    const off = await cluster.fault?.('off');
    if (off?.status !== 0) process.stdout.write(`     ${off?.stderr.slice(-300)}\n`);
  }
}

async function main(): Promise<void> {
  const cluster = await findCluster();
  if ('reason' in cluster) {
    process.stdout.write(`e2e: skipped: ${cluster.reason}\n0 passed, 0 failed, 1 skipped\n`);
    return;
  }
  const takeBack = async () => void (await cluster.fault?.('off'));
  const stop = () =>
    void takeBack()
      .then(cluster.release)
      .finally(() => process.exit(143));
  process.on('SIGTERM', stop).on('SIGINT', stop);
  try {
    if (values.save !== undefined) await mkdir(values.save, { recursive: true });
    const rows = [
      say({
        fault: 'healthy',
        expected: 'healthy',
        ...(await checked(cluster, values.save === undefined ? [] : ['--save', `${values.save}/healthy.json`], alarms)),
      }),
    ];
    const expectations = cluster.fault === null ? {} : readExpectations(expectationsFile);
    if (values.healthy !== undefined) rows.push(...(await tryHealthy(cluster, Number(values.healthy))));
    for (const unusual of values.unusual && cluster.fault !== null ? unusualClusters : []) rows.push(await tryUnusual(cluster, unusual));
    const more = values.more === undefined ? [] : values.more === 'all' ? Object.keys(moreFaults) : values.more.split(',');
    for (const name of more) rows.push(await tryMore(cluster, name));
    const chosen =
      values.healthy !== undefined ||
      more.length > 0 ||
      values.mend !== undefined ||
      values.capture !== undefined ||
      (['unusual', 'slack', 'query-log', 'hard-days'] as const).some((word) => values[word]);
    const justHealthy = values.only === undefined && !values.all && chosen;
    const wanted = justHealthy ? [] : (values.only?.split(',') ?? (values.all ? Object.keys(expectations) : representative));
    for (const fault of cluster.fault === null ? [] : wanted) {
      const expected = expectations[fault];
      if (expected === undefined) throw new Error(`no fault named ${fault} is expected: ${Object.keys(expectations).join(', ')}`);
      rows.push(...(await tryFault(cluster, fault, expected)));
    }
    const faults = rows.filter((row) => row.expected !== 'healthy');
    const right = faults.filter((row) => row.wrong.length === 0).length;
    if (faults.length > 0) process.stdout.write(`right at first verdict: ${right} of ${faults.length} faults\n`);
    const isDefault = values.only === undefined && !chosen;
    const { rows: inSlack, skipped } = isDefault || values.slack ? await trySlack(cluster, expectations) : { rows: [], skipped: 0 };
    rows.push(...inSlack);
    const mend = values.mend ?? (isDefault ? 'some' : null);
    if (mend !== null)
      rows.push(
        ...(await tryMends(cluster, mend === 'all' ? null : mend === 'some' ? someMends : mend === 'more' ? 'more' : mend.split(','))),
      );
    const captures = values.capture ?? (isDefault ? someCaptures : '');
    rows.push(...(await tryAllCaptures(cluster, captures, values.save ?? null)));
    if (values['query-log']) rows.push(...(await tryQueryLog(cluster)));
    if (values['hard-days']) rows.push(...(await tryHardDays(cluster)));
    const failed = rows.filter((row) => row.wrong.length > 0).length;
    process.stdout.write(`${rows.length - failed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    await cluster.release();
  }
}

await main();
