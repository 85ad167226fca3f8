/** A DNS message as both readers say it. */
export interface Row {
  /** Of the packet that completed it. */
  number: number;
  isAnswer: boolean;
  /** Of an answer. */
  rcode: number;
  id: number;
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  /** Lower case; null: no question that can be read. */
  name: string | null;
  type: string | null;
}

/** A query that waits for its answer. */
interface Open {
  client: string;
  server: string;
  serverPort: number;
  name: string | null;
  type: string | null;
}

const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/**
 * Counts messages. A query is unanswered when no answer to it follows in the file: to the same client, port, server, port, id, name and type.
 * Wireshark's own dns.response_in is something else: it pairs by id and conversation alone, and counts what it takes for a retransmission apart.
 */
export class Tally {
  #queries = 0;
  #answers = 0;
  #unanswered = 0;
  readonly #rcodes = new Map<number, number>();
  /** By the port of the client and the id. */
  readonly #open = new Map<number, Open[]>();

  add(row: Row): void {
    if (row.isAnswer) this.#answer(row);
    else this.#query(row);
  }

  #query({ id, source, sourcePort, destination, destinationPort, name, type }: Row): void {
    this.#queries += 1;
    const query = { client: source, server: destination, serverPort: destinationPort, name, type };
    const key = keyOf(sourcePort, id);
    const others = this.#open.get(key);
    if (others?.some((other) => isSame(other, query))) return;
    this.#unanswered += 1;
    if (others === undefined) this.#open.set(key, [query]);
    else others.push(query);
  }

  #answer({ id, rcode, source, sourcePort, destination, destinationPort, name, type }: Row): void {
    this.#answers += 1;
    this.#rcodes.set(rcode, (this.#rcodes.get(rcode) ?? 0) + 1);
    const key = keyOf(destinationPort, id);
    const open = this.#open.get(key) ?? [];
    const query = { client: destination, server: source, serverPort: sourcePort, name, type };
    const found = open.findIndex((other) => isSame(other, query));
    if (found === -1) return;
    this.#unanswered -= 1;
    if (open.length === 1) this.#open.delete(key);
    else open.splice(found, 1);
  }

  /** What was counted, by the words for it. */
  result(): Record<string, number> {
    const byCode = [...this.#rcodes].toSorted(([a], [b]) => a - b).map(([rcode, count]) => [rcodes[rcode] ?? `rcode ${rcode}`, count]);
    return { queries: this.#queries, answers: this.#answers, ...Object.fromEntries(byCode), unanswered: this.#unanswered };
  }
}

/** 32 bits, which V8 keeps without an object. */
const keyOf = (port: number, id: number): number => (port << 16) | id;

const isSame = (a: Open, b: Open): boolean =>
  a.client === b.client && a.server === b.server && a.serverPort === b.serverPort && a.name === b.name && a.type === b.type;

/** A tally that also has a sum over all of each message: it is equal where every message is, whatever their order. */
export class ExactTally extends Tally {
  #sum = 0;

  override add(row: Row): void {
    super.add(row);
    this.#sum = (this.#sum + hashOf(textOf(row))) >>> 0;
  }

  override result(): Record<string, number> {
    return { ...super.result(), 'sum over each message': this.#sum };
  }
}

const textOf = ({ number, isAnswer, rcode, id, source, sourcePort, destination, destinationPort, name, type }: Row): string =>
  [number, isAnswer, isAnswer ? rcode : 0, id, source, sourcePort, destination, destinationPort, name, type].join(' ');

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  return hash >>> 0;
}
