/** A DNS message as both readers say it. */
export interface Row {
  /** Of the packet that completed it. */
  frame: number;
  isAnswer: boolean;
  /** Of an answer. */
  rcode: number;
  id: number;
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  /** Lower case; empty: no question that can be read. */
  name: string;
  type: string;
}

const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/**
 * Counts messages. A query is unanswered when no answer to it follows in the file: to the same client, port, server, port, id, name and type.
 * Wireshark's own dns.response_in is something else: it pairs by id and conversation alone, and counts what it takes for a retransmission apart.
 */
export class Tally {
  #queries = 0;
  #answers = 0;
  readonly #rcodes = new Map<string, number>();
  readonly #open = new Set<string>();
  /** A sum over all messages, of whatever order: equal where each message is. */
  #sum = 0;

  add(row: Row): void {
    const client = row.isAnswer ? `${row.destination} ${row.destinationPort}` : `${row.source} ${row.sourcePort}`;
    const server = row.isAnswer ? `${row.source} ${row.sourcePort}` : `${row.destination} ${row.destinationPort}`;
    const key = `${client} ${server} ${row.id} ${row.name} ${row.type}`;
    this.#sum = (this.#sum + hashOf(`${row.frame} ${row.isAnswer} ${row.isAnswer ? row.rcode : 0} ${key}`)) >>> 0;
    if (row.isAnswer) this.#answer(row, key);
    else {
      this.#queries += 1;
      this.#open.add(key);
    }
  }

  #answer({ rcode }: Row, key: string): void {
    this.#answers += 1;
    this.#open.delete(key);
    const word = rcodes[rcode] ?? `rcode ${rcode}`;
    this.#rcodes.set(word, (this.#rcodes.get(word) ?? 0) + 1);
  }

  /** What was counted, by the words for it. */
  result(): Record<string, number> {
    const found = Object.fromEntries([...this.#rcodes].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return { queries: this.#queries, answers: this.#answers, ...found, unanswered: this.#open.size, 'sum over each message': this.#sum };
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  return hash >>> 0;
}
