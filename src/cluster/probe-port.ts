import type { CallOptions, ExecResult } from './port.ts';

/** How a probe pod is set up: on which node, with which DNS settings. */
export interface ProbeSpec {
  node: string;
  dnsPolicy: 'ClusterFirst' | 'Default' | 'None' | 'ClusterFirstWithHostNet';
  dnsConfig?: Record<string, unknown>;
  hostNetwork?: boolean;
  /** probe, or twin of the named pod. */
  role: 'probe' | 'twin';
}

/** A running probe pod. */
export interface ProbePod {
  namespace: string;
  name: string;
  node: string;
  /** Runs a shell script in it, wrapped in `timeout`. */
  run(script: string, options?: CallOptions): Promise<ExecResult>;
}

/** Probe pods of one run: started on demand, shared by equal specs, all removed by `close`. `start` rejects with a Failure that says what to allow. */
export interface ProbePods {
  start(spec: ProbeSpec, options?: CallOptions): Promise<ProbePod>;
  /** Adds an ephemeral container with the probe image to a pod and gives it as a place to run scripts. */
  ephemeral(namespace: string, pod: string, options?: CallOptions): Promise<ProbePod>;
  /** Rejects with a Failure that says which pods it could not remove. */
  close(): Promise<void>;
}
