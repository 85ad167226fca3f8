import type { Latency } from '../../domain/capture.ts';

/** A value is told by the middle of its bucket, and a bucket reaches from 2 % below its middle to 2 % above. */
const error = 0.02;
const growth = (1 + error) / (1 - error);
const perBucket = 1 / Math.log(growth);
/** From a microsecond to more than a day. */
const least = 0.001;
const buckets = Math.ceil(Math.log(1e8 / least) * perBucket) + 1;

/** Latencies in milliseconds, in some 600 buckets of growing width: quantiles are within 2 % of the true ones, the greatest is exact. */
export class Latencies {
  readonly #counts = new Uint32Array(buckets);
  #count = 0;
  #max = 0;

  add(ms: number): void {
    const at = ms <= least ? 0 : Math.min(buckets - 1, Math.ceil(Math.log(ms / least) * perBucket));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#count += 1;
    if (ms > this.#max) this.#max = ms;
  }

  /** Null where there were none. */
  result(): Latency | null {
    if (this.#count === 0) return null;
    const [p50Ms, p95Ms, p99Ms] = [this.#quantile(0.5), this.#quantile(0.95), this.#quantile(0.99)];
    return { count: this.#count, p50Ms, p95Ms, p99Ms, maxMs: this.#max };
  }

  /** By nearest rank. */
  #quantile(share: number): number {
    let left = Math.ceil(share * this.#count);
    for (let at = 0; at < buckets; at++) {
      left -= this.#counts[at] ?? 0;
      if (left <= 0) return Math.min(this.#max, (2 * least * growth ** at) / (growth + 1));
    }
    return this.#max;
  }
}
