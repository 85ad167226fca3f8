import type { Hop, HopCounts, ProofPacket, Way, WayVerdict } from '../../domain/capture.ts';
import { Latencies } from '../point/latencies.ts';
import { rcodeName } from '../point/rcodes.ts';
import type { Unreachable } from '../point/exchange.ts';
import type { Fate, Passed } from './fates.ts';

type Transport = 'udp' | 'tcp';
type Counts = Passed & { told: number | null };

const mostProof = 8;
const hopNames = ['sent', 'arrived', 'answered', 'returned'] as const;
const nothing = (): Counts => ({ told: null, sent: null, arrived: null, answered: null, returned: null });

/** Adds up what became of the requests of one way. */
export class WayTally {
  readonly outcomes = { udp: new Map<WayVerdict, number>(), tcp: new Map<WayVerdict, number>() };
  readonly rcodes = new Map<string, number>();
  readonly latencies = new Latencies();
  marked = 0;
  readonly #hops = { udp: nothing(), tcp: nothing() };
  readonly #empty = { udp: true, tcp: true };
  readonly #stopped = new Map<WayVerdict, Map<Hop, number>>();
  readonly #failedAt = new Map<WayVerdict, Set<string>>();
  readonly #proof = new Map<WayVerdict, ProofPacket[]>();
  readonly #unreachable = new Map<string, NonNullable<Way['unreachable']>>();

  /** `packets`: what proves it, in order. */
  fate({ code, count, hop, at }: Fate, transport: Transport, packets: readonly ProofPacket[]): void {
    const outcomes = this.outcomes[transport];
    outcomes.set(code, (outcomes.get(code) ?? 0) + count);
    if (hop !== null) {
      const hops = this.#stopped.get(code) ?? new Map<Hop, number>();
      this.#stopped.set(code, hops.set(hop, (hops.get(hop) ?? 0) + count));
    }
    const points = this.#failedAt.get(code) ?? new Set<string>();
    this.#failedAt.set(code, points);
    for (const point of at) points.add(point);
    const proof = this.#proof.get(code) ?? [];
    // half of a story is no proof
    if (proof.length === 0 || proof.length + packets.length <= mostProof) this.#proof.set(code, [...proof, ...packets].slice(0, mostProof));
  }

  passed(transport: Transport, passed: Passed): void {
    const first = this.#empty[transport];
    this.#empty[transport] = false;
    const hops = this.#hops[transport];
    for (const hop of hopNames) hops[hop] = first ? passed[hop] : added(hops[hop], passed[hop]);
  }

  told(transport: Transport): void {
    this.#hops[transport].told = (this.#hops[transport].told ?? 0) + 1;
  }

  rcode(rcode: number): void {
    const name = rcodeName(rcode);
    this.rcodes.set(name, (this.rcodes.get(name) ?? 0) + 1);
  }

  unreachable({ what, by }: Unreachable): void {
    const key = `${what} ${by}`;
    const known = this.#unreachable.get(key) ?? { what, by, count: 0 };
    this.#unreachable.set(key, known);
    known.count += 1;
  }

  hops(transport: Transport): HopCounts {
    const counts = this.#empty[transport] ? neverSent(this.#hops[transport]) : this.#hops[transport];
    const before = counts.told ?? counts.sent ?? counts.arrived;
    const after = counts.returned ?? (counts.sent === null ? counts.answered : null);
    const wanted = Math.max(before ?? 0, counts.sent ?? 0);
    return { ...counts, loss: wanted === 0 ? null : 1 - Math.min(wanted, after ?? 0) / wanted };
  }

  /** Where most of the requests with that outcome stopped. */
  stoppedAt(code: WayVerdict): Hop | null {
    return [...(this.#stopped.get(code) ?? [])].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
  }

  failedAt(code: WayVerdict): string[] {
    return [...(this.#failedAt.get(code) ?? [])].toSorted();
  }

  proof(code: WayVerdict): ProofPacket[] {
    return this.#proof.get(code) ?? [];
  }

  mostUnreachable(): Way['unreachable'] {
    return [...this.#unreachable.values()].toSorted((a, b) => b.count - a.count)[0] ?? null;
  }
}

/** What a client says it sent, and its capture does not have, came nowhere. */
const neverSent = ({ told }: Counts): Counts => (told === null ? nothing() : { told, sent: 0, arrived: 0, answered: 0, returned: 0 });

/** What is not known of one request is not known of all. */
const added = (sum: number | null, more: number | null): number | null => (sum === null || more === null ? null : sum + more);
