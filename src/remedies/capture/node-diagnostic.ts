import { Failure } from '../../base/failure.ts';
import type { ClusterPort } from '../../cluster/port.ts';
import { filterOf } from './filter.ts';

const API = '/apis/eks.amazonaws.com/v1alpha1';

/** Whether the cluster knows NodeDiagnostic, which the EKS node monitoring agent acts on. Rejects with a Failure where nobody answers. */
export async function knowsNodeDiagnostic(port: ClusterPort, signal: AbortSignal): Promise<boolean> {
  try {
    const found: unknown = (await port.get(API, {}, { signal }))['resources'];
    return Array.isArray(found) && found.some((one) => (one as { name?: unknown } | null)?.name === 'nodediagnostics');
  } catch (error) {
    if (error instanceof Failure && (error.reason === 'missing' || error.reason === 'forbidden')) return false;
    throw error;
  }
}

/**
 * How a person captures with it. The agent sends the files to S3 by a POST that somebody with AWS credentials has signed, and nowhere else: they
 * never come to us, so this way is told, not gone. It runs tcpdump in the network of the node, and only where the agent finds tcpdump: on nodes
 * of EKS Auto Mode (AWS documentation, "Capture network traffic on an EKS Auto Mode node"; tools/start-capture.py of aws/eks-node-monitoring-agent).
 * Written from these, and untried on AWS.
 */
export function nodeDiagnosticSteps(nodes: readonly string[], seconds: number, ports: readonly number[]): string[] {
  const filter = filterOf(ports, null, null);
  return [
    'This cluster knows the NodeDiagnostic of the EKS node monitoring agent, which captures on nodes of EKS Auto Mode and sends the files to an S3 bucket (untried on AWS):',
    ...nodes.map(
      (node) => `python3 start-capture.py --bucket BUCKET --node ${node} --duration ${seconds}s --interface any --filter '${filter}'`,
    ),
    'start-capture.py is in tools/ of github.com/aws/eks-node-monitoring-agent; it needs AWS credentials that may write to BUCKET.',
    `aws s3 cp s3://BUCKET/captures/ . --recursive; gunzip them, then: dns-medic analyze FILE...; kubectl delete nodediagnostic ${nodes.join(' ')}`,
  ];
}
