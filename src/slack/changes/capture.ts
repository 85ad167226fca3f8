import { decideFiles } from '../../access/changes/decide.ts';
import { keptFiles } from '../../domain/plan.ts';
import { shortOrder } from '../../report/change-words.ts';
import { captureFilesMessage } from '../../report/slack/replies/files.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { handOut } from './hand-out.ts';
import type { Parcel } from './send-file.ts';

const LONGEST_CLUSTER = 60;

/** A name for whoever keeps files of several captures: `cluster-a-3f9a0c21d4-s1-kube-system_coredns-7c.pcap`. */
const filenameOf = (cluster: string, change: string, name: string): string =>
  `${cluster.slice(-LONGEST_CLUSTER)}-${shortOrder(change)}-${name}`.replaceAll(/[^A-Za-z0-9_.-]+/g, '_');

/** The files that are still kept; null: none of them is. What Redis has beside those of the result is not asked for. */
async function packed({ captures }: Counter, { record: { cluster }, change }: KnownChange): Promise<Parcel | null> {
  const known = keptFiles(change.result).map(({ name }) => name);
  if (known.length === 0) return null;
  const names = (await captures.list(change.id)).map(({ name }) => name).filter((name) => known.includes(name));
  if (names.length === 0) return null;
  const files = names.map((name) => ({
    filename: filenameOf(cluster, change.id, name),
    title: `Capture of ${cluster}: ${name}`,
    bytes: () => captures.read(change.id, name),
  }));
  return { contents: { files: names }, files };
}

/** Shows the files of a capture in the thread, for those who may approve changes of this cluster. `situation` must be fresh. */
export function showCapture(counter: Counter, situation: Situation, known: KnownChange): Promise<Answer> {
  const { person, where } = situation;
  const { cluster } = known.record;
  return handOut(counter, situation, known, {
    asked: { cluster, action: 'approve', wanted: 'files' },
    decision: decideFiles(counter.policy, { cluster }, person, where.channel),
    pack: () => packed(counter, known),
    say: (came, files) => captureFilesMessage({ ...came, cluster, files }),
  });
}
