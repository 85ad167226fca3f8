import type { ProbePod, ProbePods, ProbeSpec } from '../../src/cluster/probe-port.ts';

/** Probe pods that answer every script with `said`; a Failure that it throws is the start's. `started` notes what was asked for. */
export function fakeProbes(said: (script: string, spec: ProbeSpec) => string, started: ProbeSpec[] = []): ProbePods {
  const pod = (spec: ProbeSpec): ProbePod => ({
    namespace: 'dns-medic',
    name: `dns-medic-${spec.node}`,
    node: spec.node,
    run: async (script) => ({ text: said(script, spec), truncated: false, stderr: '', exitCode: 0 }),
  });
  return {
    start: async (spec) => {
      started.push(spec);
      return pod(spec);
    },
    ephemeral: async () => pod({ node: 'x', dnsPolicy: 'Default', role: 'twin' }),
    close: async () => {},
  };
}
