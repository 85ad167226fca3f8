import { Failure } from '../../base/failure.ts';
import type { Json } from '../../cluster/port.ts';
import type { QuerySummary } from '../../domain/plan.ts';
import type { ActContext } from '../remedy.ts';

type Client = QuerySummary['clients'][number];

const isOnHost = (pod: Json): boolean => pod['spec']?.['hostNetwork'] === true;

/** The pod that has an address of its own; null: none, or only pods that share their node's. Rejects with a Failure. */
async function podAt({ port, signal }: ActContext, address: string): Promise<string | null> {
  const { items } = await port.list('/api/v1/pods', { fieldSelector: `status.podIP=${address}`, limit: 5, signal });
  const own = items.find((pod) => !isOnHost(pod) && pod['status']?.['podIP'] === address);
  const [namespace, name]: unknown[] = [own?.['metadata']?.['namespace'], own?.['metadata']?.['name']];
  return typeof namespace === 'string' && typeof name === 'string' ? `${namespace}/${name}` : null;
}

/** The pods that have these addresses now, one question each; where that may not be asked, addresses say enough. */
export async function podNames(context: ActContext, clients: readonly Client[]): Promise<Client[]> {
  const named: Client[] = [];
  for (const client of clients) {
    try {
      // an address from a log is no part of a query
      const pod = /^[0-9a-f.:]{2,45}$/i.test(client.address) ? await podAt(context, client.address) : null;
      named.push({ ...client, pod });
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      return [...named, ...clients.slice(named.length)];
    }
  }
  return named;
}
