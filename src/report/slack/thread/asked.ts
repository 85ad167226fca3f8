import type { CheckRequest } from '../../../domain/request.ts';
import type { Place, RunRecord } from '../../../domain/run.ts';
import { duration } from '../../terminal/amounts.ts';
import { joined, listed, name, nothing, ours, timeOf, user, type Words, words } from '../text/words.ts';

const mostAskers = 10;

/** Those who asked for it in this place. */
export const askersOf = ({ askers }: Place): Words =>
  listed(
    [...new Set(askers)].map((id) => user(id)),
    mostAskers,
  );

/** What a check was asked to look at, beside the cluster: `pod shop/cart-1 · name amazon.com · quick`. */
export function subjectWords({ pod, node, names, quick }: CheckRequest): Words {
  return joined(
    [
      pod === null ? nothing : words`pod ${name(pod)}`,
      node === null ? nothing : words`node ${name(node)}`,
      names.length === 0
        ? nothing
        : words`name ${listed(
            names.map((one) => name(one, 100)),
            5,
          )}`,
      ours(quick ? 'quick' : ''),
    ],
    ' · ',
  );
}

/** How long it took from the question to its end; empty while it goes on. */
export const tookWords = ({ progress: { endedAt }, createdAt }: RunRecord): Words =>
  ours(endedAt === null ? '' : `took ${duration(Math.max(0, endedAt - createdAt))}`);

/** Who asked for what, when, and the run's id. */
export function askedWords(record: RunRecord, place: Place): Words {
  const askers = askersOf(place);
  return joined(
    [
      askers.text === '' ? words`asked at ${timeOf(record.createdAt)}` : words`asked by ${askers} at ${timeOf(record.createdAt)}`,
      record.kind === 'check' ? subjectWords(record.request) : nothing,
      tookWords(record),
      words`run ${name(record.id, 40)}`,
      record.progress.attempt > 1 ? words`attempt ${record.progress.attempt}` : nothing,
    ],
    ' · ',
  );
}
