import { at, defineCheck, finding, found } from './check.ts';
import { podArgs, podSubject } from './pod-view.ts';

export default defineCheck({
  id: 'pod-not-running',
  title: 'The pod in question runs',
  why: 'Nothing can be asked in a pod that does not run: its DNS settings were read from its spec, and lookups were made beside it.',
  docs: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
  wording: {
    found: 'Pod {subject} does not run ({reason}), so nothing could be asked inside it',
    next: ['See why: kubectl -n {namespace} describe pod {name}'],
  },
  explains: [],
  requires: ['pod'],
  uses: [],
  judge({ pod }) {
    if (pod.notRunning === null) return found([]);
    const args = { ...podArgs(pod), reason: pod.notRunning };
    return found([finding('pod-not-running', 'info', podSubject(pod), { args, proof: [at('pod', '/notRunning')] })]);
  },
});
