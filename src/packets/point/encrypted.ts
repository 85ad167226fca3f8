import type { SeenEncrypted } from '../seen.ts';

/** Who speaks DNS over TLS or QUIC with whom. `number`: of the first packet. */
export type EncryptedTalk = { client: string; server: string; number: number; count: number };

const port = 853;
const most = 1000;

/** Counts encrypted packets by who speaks with whom. */
export class EncryptedTalks {
  readonly #talks = new Map<string, EncryptedTalk>();
  count = 0;

  add({ source, destination, destinationPort, number }: SeenEncrypted): void {
    this.count += 1;
    const [client, server] = destinationPort === port ? [source, destination] : [destination, source];
    const key = `${client} ${server}`;
    const known = this.#talks.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#talks.size < most) this.#talks.set(key, { client, server, number, count: 1 });
  }

  talks(): EncryptedTalk[] {
    return [...this.#talks.values()].toSorted((a, b) => b.count - a.count);
  }
}
