import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordedThread } from '../src/cli/demo/recorded-thread.ts';
import { BUNDLES } from '../src/cli/demo/scenery.ts';
import { readBundle } from '../src/cli/judge.ts';
import { orderLife } from './threads/order-life.ts';

/** Writes docs/threads.md: node scripts/threads.ts. A test keeps it equal. */

/** Runs of the page: the cluster of the demo, and the bundle that it answers from. */
export const THREADS = [
  {
    title: 'Broken',
    cluster: 'cluster-a',
    bundle: 'corefile-forward-unreachable',
    about: 'CoreDNS forwards what it does not know to a server that does not answer.',
  },
  { title: 'Healthy', cluster: 'cluster-b', bundle: 'healthy', about: 'Nothing is wrong with cluster DNS.' },
  {
    title: 'Unknown',
    cluster: 'cluster-c',
    bundle: 'probe-pods-forbidden',
    about: 'The worker may read, but may start no probe pods: nothing is called healthy that was not asked.',
  },
] as const;

const intro = `# Threads

What an on-call engineer reads in Slack after \`/dns check CLUSTER\`, once the run is over: the card in the channel, which changed in place while the run went
on, and its thread (↳). The runs were recorded on a real cluster. The text is that of the Slack look-alike, which shows messages as a terminal can: a box is a
preformatted block, [brackets] are buttons.

\`npm run demo\` shows them grow. This page is made by \`node scripts/threads.ts\`, with the same times always; a test keeps it equal to what the sources say, and
another one to what the bot posts.
`;

async function part({ title, cluster, bundle, about }: (typeof THREADS)[number]): Promise<string> {
  const text = recordedThread(await readBundle(join(BUNDLES, `${bundle}.json`)), cluster);
  return `## ${title}\n\n${about} \`npm run demo -- --once ${bundle}\`\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
}

const ofOrders = `## An order, through its life

A check proposes what could be done about the causes that it found. What people do about it, and what comes of it, stands in the same thread: the card of
the order changes in place, and whoever is waited for, or waits, is called by a new message. The check is that of "Broken" above, the order is made up.
`;

/** The page. */
export const threadsPage = async (): Promise<string> =>
  [intro, ...(await Promise.all(THREADS.map(part))), ofOrders, await orderLife()].join('\n');

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'threads.md'), await threadsPage());
