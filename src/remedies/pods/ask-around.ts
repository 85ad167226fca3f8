import { Failure } from '../../base/failure.ts';
import type { ProbePod } from '../../cluster/probe-port.ts';
import type { ActContext } from '../remedy.ts';
import { askPod, type Question } from './ask-pod.ts';
import type { PodGates } from './gates.ts';
import type { LivePod } from './live-pod.ts';

/** A place that has not started by then will not: another is taken. */
const startMs = 30_000;

/** Asks pods straight at their addresses, from another node where there is one to ask from. */
export interface Asker {
  /** Null: the pod answered everything. Rejects with a Failure when no place can ask. */
  ask(pod: Pick<LivePod, 'ip' | 'node'>, questions: readonly Question[], times: number): Promise<string | null>;
}

/** The places to ask a pod of this node from: the path between nodes is what most clients use. */
const placesFor = (node: string | null, places: readonly string[]): string[] => [
  ...places.filter((place) => place !== node),
  ...places.filter((place) => place === node),
];

/** A place that has failed so often is not tried again. */
const mostFailures = 3;

/** An asker for the time of an act. */
export function createAsker({ probes, signal }: ActContext, { places, dnsPort }: Pick<PodGates, 'places' | 'dnsPort'>): Asker {
  const failures: { place: string; why: Failure }[] = [];
  const start = (node: string): Promise<ProbePod> =>
    probes.start({ node, dnsPolicy: 'ClusterFirst', role: 'probe' }, { signal, timeoutMs: startMs });
  const isUsable = (place: string): boolean => failures.filter((failed) => failed.place === place).length < mostFailures;
  return {
    async ask({ ip, node }, questions, times) {
      if (ip === null) return 'the pod has no address yet';
      for (const place of placesFor(node, places).filter(isUsable)) {
        try {
          return await askPod(await start(place), { address: ip, port: dnsPort }, questions, times, { signal });
        } catch (error) {
          if (!(error instanceof Failure) || signal.aborted) throw error;
          failures.push({ place, why: error });
        }
      }
      const why = failures.at(-1)?.why;
      throw new Failure(why?.reason ?? 'error', `no pod can be asked for a name: ${why?.message ?? 'there is no place to ask from'}`, {
        allow: why?.allow,
      });
    },
  };
}
