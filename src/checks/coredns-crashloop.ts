import { defineCheck, finding, found, passed } from './check.ts';
import { whenPodsCrash } from './consequences.ts';
import { corednsArgs, corednsSubject, outage, type Placed, podProof } from './coredns-view.ts';
import { crashedBy, type CrashFacts } from './crash.ts';
import { logOf, logProof, type LogEntry } from './log-view.ts';

/** Classes that tell why a process ended, the most telling first; queries and banners do not. */
const telling = [
  'panic',
  'fatal',
  'listen-failed',
  'corefile-error',
  'api-forbidden',
  'api-error',
  'api-timeout',
  'health-failed',
  'upstream-other',
];

function lastWords(crashed: readonly Placed[], facts: CrashFacts): LogEntry[] {
  const entries = crashed.flatMap(({ pod }) => logOf(facts['coredns-logs'], pod.name));
  return telling.flatMap((name) => entries.filter((entry) => entry.class === name)).slice(0, 3);
}

export default defineCheck({
  id: 'coredns-crashloop',
  title: 'No CoreDNS pod crashes again and again',
  why: 'A pod that crashes answers only between its crashes, and the pause before each start grows to five minutes.',
  docs: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
  wording: {
    found:
      '{count} of {of} CoreDNS pods crash again and again ({pods}; exit code {exitCode}, {reason}, {restarts} restarts). Last words: {words}',
    next: [
      'Read the end of the last log: kubectl -n {namespace} logs {pod} --previous --tail=30',
      'See what changed last: kubectl -n {namespace} rollout history {target}; kubectl -n {namespace} describe pod {pod}',
      'If it began with a rollout, undo it: kubectl -n {namespace} rollout undo {target}',
    ],
  },
  explains: [...whenPodsCrash],
  requires: ['coredns-pods'],
  uses: ['coredns-logs', 'coredns-events', 'coredns-workload', 'corefile'],
  judge(facts, { now }) {
    const { 'coredns-pods': pods, 'coredns-workload': workload } = facts;
    const crashed = crashedBy('other', facts, now);
    const [first] = crashed;
    if (first === undefined) return passed;
    const words = lastWords(crashed, facts);
    const { last, restarts, message, reason } = first.pod.container;
    const unsaid = last?.message === undefined || last.message === '' ? (message ?? 'nothing in the log') : last.message;
    const args = {
      ...corednsArgs(workload, pods, crashed),
      exitCode: last?.exitCode ?? 'unknown',
      reason: last?.reason ?? reason ?? 'no reason given',
      restarts,
      words: words.length === 0 ? unsaid : words.map((entry) => entry.sample),
    };
    const proof = [...logProof(words), ...crashed.slice(0, 2).map((one) => podProof(one, '/container'))];
    return found([finding('coredns-crashloop', outage(pods, now), corednsSubject(workload, pods), { args, proof })]);
  },
});
