import { DEFAULT_TIMEOUT_MS } from './deadline.ts';
import type { CallOptions, ClusterPort, ExecResult } from './port.ts';
import type { ProbePod } from './probe-port.ts';

export interface ProbePlace {
  namespace: string;
  pod: string;
  container: string;
  node: string;
}

/**
 * A place to run scripts in. `timeout` ends the script in the pod a little before the deadline of the call, so that its output so far still comes;
 * it is needed because a closed exec stream leaves the process running.
 */
export function probeAt(port: ClusterPort, { namespace, pod, container, node }: ProbePlace): ProbePod {
  return {
    namespace,
    name: pod,
    node,
    run: (script: string, options: CallOptions = {}): Promise<ExecResult> => {
      const seconds = Math.max(1, Math.floor(((options.timeoutMs ?? DEFAULT_TIMEOUT_MS) - 500) / 1000));
      return port.exec({ ...options, namespace, pod, container, command: ['timeout', '-k', '1', String(seconds), 'sh', '-c', script] });
    },
  };
}
