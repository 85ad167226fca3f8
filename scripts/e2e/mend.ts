import type { TestCluster } from './cluster.ts';
import { type Row, say } from './row.ts';
import { Lab, moreFaults } from './more-faults.ts';
import { Bot } from './slack/bot.ts';
import { type Mend, mendStory } from './slack/mend.ts';
import { untilFinal } from './slack/stories.ts';

/** Every fault that a remedy can mend, and the remedy. */
export const mends: readonly Mend[] = [
  { fault: 'coredns-no-pods', remedy: 'scale-coredns' },
  { fault: 'coredns-single-replica', remedy: 'scale-coredns' },
  { fault: 'coredns-crashloop-corefile-error', remedy: 'restore-corefile' },
  { fault: 'coredns-crashloop-loop', remedy: 'restore-corefile' },
  { fault: 'coredns-not-ready-missing-ready-plugin', remedy: 'restore-corefile' },
  { fault: 'corefile-reload-failed', remedy: 'restore-corefile' },
  { fault: 'corefile-removed-option', remedy: 'restore-corefile' },
  { fault: 'corefile-forward-unreachable', remedy: 'restore-corefile' },
  { fault: 'corefile-forward-refused', remedy: 'restore-corefile' },
  { fault: 'corefile-no-forward', remedy: 'restore-corefile' },
  { fault: 'corefile-kubernetes-zone-mismatch', remedy: 'restore-corefile' },
  { fault: 'corefile-hosts-override', remedy: 'restore-corefile' },
  { fault: 'diagnostic-log-left-on', remedy: 'restore-corefile' },
  { fault: 'coredns-rbac-missing', remedy: 'restore-rbac' },
  { fault: 'kubeproxy-forbidden', remedy: 'restore-rbac' },
  { fault: 'coredns-oomkilled', remedy: 'raise-coredns-memory' },
  { fault: 'coredns-colocated', remedy: 'spread-coredns' },
  { fault: 'kubedns-service-missing', remedy: 'repair-dns-service' },
  { fault: 'kubedns-selector-mismatch', remedy: 'repair-dns-service' },
  { fault: 'kubedns-targetport-wrong', remedy: 'repair-dns-service' },
  { fault: 'kubedns-port-tcp-missing', remedy: 'repair-dns-service' },
  // it also puts all pods on one node, which a second check finds
  { fault: 'kubedns-internal-traffic-local', remedy: 'repair-dns-service', afterwards: 'spread-coredns' },
  { fault: 'endpoint-udp-dropped', remedy: 'delete-coredns-pod' },
];

/** Faults of our own, and those that only look at a named pod. */
const moreMends: readonly Mend[] = [
  { fault: 'binding-deleted', remedy: 'restore-rbac' },
  { fault: 'configmap-deleted', remedy: 'restore-corefile' },
  // the Service then follows the Corefile to its port; the cluster's script asks the pods at port 53 all the same
  { fault: 'corefile-listens-elsewhere', remedy: 'repair-dns-service', ends: /fixed/i },
  { fault: 'only-some-namespaces', remedy: 'restore-corefile', seenHealthy: true },
  { fault: 'stub-zone-to-nowhere', remedy: 'restore-corefile', seenHealthy: true },
  { fault: 'template-answers-for-the-world', remedy: 'restore-corefile' },
  { fault: 'forward-refuses-all', remedy: 'restore-corefile' },
  { fault: 'service-with-another-address', remedy: 'repair-dns-service' },
  { fault: 'rules-flushed-and-kube-proxy-hangs', remedy: 'restart-kube-proxy' },
  { fault: 'tcp-of-one-pod-dropped', remedy: 'delete-coredns-pod' },
  { fault: 'chatty-deployment', remedy: 'set-ndots', pod: 'shop/chatterbox' },
  { fault: 'netpol-egress-denies-dns', remedy: 'allow-dns-policy', pod: 'shop/cart', ends: /no change/i },
  { fault: 'netpol-ingress-blocks-coredns', remedy: 'allow-dns-policy', ends: /no change/i },
];

/** Those that the gate tries: one of each kind of remedy. */
export const someMends = ['coredns-no-pods', 'corefile-forward-unreachable', 'kubedns-selector-mismatch', 'endpoint-udp-dropped'];

async function inject(cluster: TestCluster, fault: string): Promise<void> {
  const on = await cluster.fault?.('on', fault);
  if (on?.status !== 0) throw new Error(`not injected: ${on?.stderr.slice(-200) ?? ''}`);
}

async function tryMend(bot: Bot, mend: Mend): Promise<Row> {
  const { cluster } = bot;
  const began = Date.now();
  const shown = { fault: `mended: ${mend.fault}`, expected: mend.remedy };
  const own = moreFaults[mend.fault];
  const lab = new Lab(cluster);
  try {
    if (mend.seenHealthy === true) await untilFinal(bot, await bot.startRun('check cluster-a'));
    if (own === undefined) await inject(cluster, mend.fault);
    else await own.on(lab);
    const { found, wrong, mended } = await mendStory(bot, mend);
    if (mend.afterwards !== undefined) wrong.push(...(await mendStory(bot, { fault: mend.fault, remedy: mend.afterwards })).wrong);
    const healthy = await cluster.healthy?.();
    const disagrees =
      mend.ends !== undefined || healthy?.status === 0
        ? []
        : [`fault healthy disagrees: ${healthy?.stderr.slice(-200) ?? ''}${healthy?.stdout.slice(-200) ?? ''}`];
    return say({ ...shown, found, seconds: mended, wrong: [...wrong, ...disagrees] });
  } catch (error) {
    return say({
      ...shown,
      found: '-',
      seconds: (Date.now() - began) / 1_000,
      wrong: [error instanceof Error ? error.message : String(error)],
    });
  } finally {
    await own?.undo?.(lab).catch(() => undefined);
    // what a remedy added and no fault took away would be there for the next one
    await cluster.kubectl('delete', 'networkpolicies', '-A', '--field-selector', 'metadata.name=dns-medic-allow-dns');
    const off = await cluster.fault?.('off');
    if (off?.status !== 0) process.stdout.write(`     ${off?.stderr.slice(-300) ?? ''}\n`);
  }
}

/**
 * Faults that are mended by buttons: a check, an order that one person asks for and another approves, and the proof, all in Slack's look-alike
 * around the real cluster. `only`: these faults, also of our own; null: all of the
 * cluster's scripts; `more`: all of our own.
 */
export async function tryMends(cluster: TestCluster, only: readonly string[] | 'more' | null): Promise<Row[]> {
  const all = [...mends, ...moreMends];
  const wanted = only === null ? mends : only === 'more' ? moreMends : all.filter(({ fault }) => only.includes(fault));
  const unknown = Array.isArray(only) ? only.filter((fault) => !all.some((mend) => mend.fault === fault)) : [];
  if (unknown.length > 0) throw new Error(`nothing mends ${unknown.join(', ')}: ${all.map(({ fault }) => fault).join(', ')}`);
  if (cluster.fault === null) return [];
  const bot = await Bot.start(cluster);
  try {
    const rows: Row[] = [];
    for (const mend of wanted) rows.push(await tryMend(bot, mend));
    return rows;
  } finally {
    await bot.stage.close();
  }
}
