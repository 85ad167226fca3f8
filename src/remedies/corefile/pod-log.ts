import { Failure } from '../../base/failure.ts';
import type { TextResult } from '../../cluster/port.ts';
import type { LivePod } from '../pods/live-pod.ts';
import type { ActContext } from '../remedy.ts';

/** The part of a log that is read: its end. */
export interface Part {
  maxBytes?: number;
  tailLines?: number;
  /** Of the container before its last restart. */
  previous?: boolean;
}

const READ = { maxBytes: 4_194_304, timeoutMs: 15_000 };
/** The API server's word for a pod of several containers of which none was named. */
const WHICH = 400;

/** The log of a pod's CoreDNS since so many seconds; where it cannot be read, why. Rejects only when the signal fires. */
export async function logOf(
  { port, signal }: Pick<ActContext, 'port' | 'signal'>,
  { namespace, name }: Pick<LivePod, 'namespace' | 'name'>,
  sinceSeconds: number,
  part: Part = {},
): Promise<TextResult | { unreadable: string }> {
  const options = { namespace, pod: name, sinceSeconds: Math.max(1, Math.ceil(sinceSeconds)), timestamps: true, ...READ, ...part, signal };
  try {
    return await port.logs(options).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.status !== WHICH || part.previous === true) throw error;
      return port.logs({ ...options, container: 'coredns' });
    });
  } catch (error) {
    signal.throwIfAborted();
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}
