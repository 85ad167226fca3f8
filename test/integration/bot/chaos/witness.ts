import { isOver, placeKey, type RunRecord } from '../../../../src/domain/run.ts';
import type { RunBook } from '../../../../src/queue/book.ts';
import { threadOf } from '../../../../src/report/slack/thread.ts';
import type { SlackLookalike } from '../../../../src/lab/slack/start-slack.ts';

/** A message of the bot as it stands in Slack: the key says which run, place and slot it is. */
export interface Standing {
  key: string;
  run: string;
  text: string;
  channel: string;
  ts: string;
}

/** All messages of threads that stand in these channels. */
export function standing(slack: SlackLookalike, channels: readonly string[]): Standing[] {
  return channels.flatMap((channel) =>
    slack.messages(channel).flatMap((message) => {
      const payload = (message.metadata as { event_payload?: { key?: unknown } } | null | undefined)?.event_payload;
      if (typeof payload?.key !== 'string') return [];
      return [{ key: payload.key, run: payload.key.split('/')[0] ?? '', text: message.text, channel, ts: message.ts }];
    }),
  );
}

/** Remembers the newest record of every run that shows itself in Slack or in the book. */
export class Witness {
  readonly records = new Map<string, RunRecord>();
  /** Runs whose records Redis has lost since: when all was said, nobody writes them again. */
  private readonly forgotten = new Set<string>();
  private readonly book: RunBook;
  private readonly slack: SlackLookalike;
  private readonly channels: readonly string[];
  constructor(book: RunBook, slack: SlackLookalike, channels: readonly string[]) {
    this.book = book;
    this.slack = slack;
    this.channels = channels;
  }

  async look(): Promise<void> {
    const open = await this.book.open().catch(() => []);
    const runs = new Set([...open, ...standing(this.slack, this.channels).map(({ run }) => run)]);
    for (const run of runs) {
      // one that is over is read again: after Redis has forgotten it, it may have been run again
      const record = await this.book.load(run).catch(() => undefined);
      if (record === null) this.forgotten.add(run);
      else if (record !== undefined) {
        this.records.set(run, record);
        this.forgotten.delete(run);
      }
    }
  }

  /** What is not as it should be, in sentences: nothing once every thread is final. */
  problems(): string[] {
    const stands = standing(this.slack, this.channels);
    const byKey = Map.groupBy(stands, ({ key }) => key);
    const twice = [...byKey].filter(([, all]) => all.length > 1).map(([key, all]) => `${key} stands ${all.length} times`);
    const wrong = [...this.records.values()].flatMap((record) => this.wrongOf(record, byKey));
    return [...twice, ...wrong];
  }

  private wrongOf(record: RunRecord, byKey: ReadonlyMap<string, Standing[]>): string[] {
    if (!isOver(record.progress.state)) {
      const said = record.places.every((place) => byKey.has(`${record.id}/${placeKey(place)}/verdict`));
      return this.forgotten.has(record.id) && said ? [] : [`${record.id} is ${record.progress.state}`];
    }
    return record.places.flatMap((place) =>
      threadOf(record, place, { workers: null, now: 0 }).flatMap((message) => {
        const key = `${record.id}/${placeKey(place)}/${message.slot}`;
        const [there] = byKey.get(key) ?? [];
        if (there === undefined) return [`${key} is not there`];
        return there.text === message.text ? [] : [`${key} says ${JSON.stringify(there.text.slice(0, 80))}`];
      }),
    );
  }
}
