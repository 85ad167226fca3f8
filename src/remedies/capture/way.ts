import { Failure } from '../../base/failure.ts';
import type { CaptureTrial } from '../../cluster/capture-port.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import type { PlannedPoint } from './data.ts';
import { knowsNodeDiagnostic, nodeDiagnosticSteps } from './node-diagnostic.ts';
import type { Left } from './places.ts';
import type { Points } from './points.ts';

/** How packets are got at. `notFirst`: why not by the way that is tried first. */
export type Way =
  | { is: 'node'; makesNamespace: boolean; points: PlannedPoint[]; left: Left[] }
  | { is: 'pod'; notFirst: string; points: PlannedPoint[]; left: Left[] };

const says = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  throw error;
};

/** The API server's own words are long, and a warning is read. */
const shortly = (message: string): string => (message.length > 160 ? `${message.slice(0, 159)}…` : message);

/** An ephemeral container in the pods themselves: what would be added where, and where it may not be. */
async function intoPods(trial: CaptureTrial, points: readonly PlannedPoint[]): Promise<Pick<Way, 'points' | 'left'>> {
  const tried = await Promise.all(
    points.map(async (point) => {
      const { pod, role, node } = point;
      // a client of ours asks all the same, but the namespace of probe pods admits nothing that could capture
      if (pod === null) return { point, why: role === 'client' ? null : `only a privileged pod on ${node} sees the packets of the node` };
      const failure = await trial.insidePod(pod.namespace, pod.name).then(() => null, says);
      return { point, why: failure?.message ?? null };
    }),
  );
  return {
    points: tried.flatMap(({ point, why }) => (why === null ? [point] : [])),
    left: tried.flatMap(({ point, why }) => (why === null ? [] : [{ label: point.label, why }])),
  };
}

/** How whoever lacks the rights gets them. */
export const RIGHTS_BY =
  'Apply deploy/components/capture: it makes the namespace that capture pods may run in, and gives the worker what it needs there.';

/** Why nothing can be captured, with what a person can do. */
async function none(
  { port, signal }: PlanContext,
  first: Failure,
  found: Points,
  ports: readonly number[],
  seconds: number,
): Promise<NoDraft> {
  const known = await knowsNodeDiagnostic(port, signal);
  const nodes = [...new Set(found.points.map(({ node }) => node))];
  const next = [RIGHTS_BY, ...(known ? nodeDiagnosticSteps(nodes, seconds, ports) : [])];
  return {
    why: first.reason === 'missing' ? 'rights' : 'unsafe',
    says: `packets can be captured neither by a privileged pod on a node (${first.message}) nor in the pods themselves`,
    next,
  };
}

/**
 * How to get at the packets: by privileged pods on the nodes, else by ephemeral containers in the pods, else not. The API server says by dry runs
 * what it would admit. Rejects with a Failure where it does not answer.
 */
export async function chooseWay(context: PlanContext, found: Points, ports: readonly number[], seconds: number): Promise<Way | NoDraft> {
  const trial = context.tryCapture;
  if (trial === undefined) return { why: 'not-here', says: 'packets cannot be captured from here' };
  const [first] = found.points;
  const tried = await trial.onNode(first?.node ?? '').catch(says);
  if (!(tried instanceof Failure)) return { is: 'node', ...tried, ...found };
  // an answer that is none is no refusal
  if (tried.reason === 'timeout') throw tried;
  const inside = await intoPods(trial, found.points);
  if (inside.points.some(({ pod }) => pod !== null))
    return { is: 'pod', notFirst: shortly(tried.message), points: inside.points, left: [...found.left, ...inside.left] };
  // RBAC alone is in the way: all the rights that are missing are told together, as for every remedy
  if (tried.allow !== undefined && tried.reason === 'forbidden') return { is: 'node', makesNamespace: false, ...found };
  return none(context, tried, found, ports, seconds);
}
