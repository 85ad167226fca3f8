import { Failure } from '../../base/failure.ts';
import type { ActContext } from '../remedy.ts';
import type { SentQuery } from './analysis.ts';
import type { CaptureData } from './data.ts';
import { markJobs, sentOf } from './marks.ts';
import { marksMs, marksScript, printedOf } from './marks-script.ts';
import type { Left } from './places.ts';
import type { SceneClient } from './scene.ts';

/** What clients sent, and which could not. */
export interface Sent {
  queries: SentQuery[];
  failed: Left[];
}

async function fromClient(context: ActContext, data: CaptureData, client: SceneClient): Promise<Sent> {
  const jobs = markJobs(context.change, client.id, data);
  const unsent = (why: string): Sent => ({ queries: [], failed: [{ label: client.label, why }] });
  try {
    const script = marksScript(client.directory, client, jobs);
    const options = { timeoutMs: marksMs(jobs) + 10_000, maxBytes: 4 << 20, signal: context.signal };
    const { text, stderr, exitCode } = await client.run(script, options);
    const queries = sentOf(client.id, jobs, printedOf(text, jobs.length));
    return queries.length > 0 ? { queries, failed: [] } : unsent(stderr.trim().slice(0, 200) || `exit status ${exitCode}`);
  } catch (error) {
    if (error instanceof Failure && !context.signal.aborted) return unsent(error.message);
    throw error;
  }
}

/** Sends marked queries from all clients at once. */
export async function sendAll(context: ActContext, data: CaptureData, clients: readonly SceneClient[]): Promise<Sent> {
  const sent = await Promise.all(clients.map((client) => fromClient(context, data, client)));
  return { queries: sent.flatMap(({ queries }) => queries), failed: sent.flatMap(({ failed }) => failed) };
}
