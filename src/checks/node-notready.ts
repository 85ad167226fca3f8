import { at, defineCheck, finding, found } from './check.ts';
import { whenTheWayIsClosed } from './consequences.ts';

export default defineCheck({
  id: 'node-notready',
  title: 'The nodes of CoreDNS and of the pod in question are ready',
  why: 'A node that is gone keeps its CoreDNS pods in the Service for up to five minutes: every lookup that is sent there is lost.',
  docs: 'https://kubernetes.io/docs/concepts/architecture/nodes/#node-status',
  wording: {
    found: 'Node {subject} is not ready ({message}), and it runs {pods}',
    next: [
      'See what the node says: kubectl describe node {subject}',
      'If it does not come back, delete it, so that its pods are moved: kubectl delete node {subject}',
    ],
  },
  explains: [
    'coredns-endpoint-unanswering',
    'coredns-not-ready',
    'coredns-not-ready-kubernetes-unsynced',
    'coredns-single-point',
    'kubeproxy-not-running-on-node',
    'dns-packet-loss',
    'kubedns-endpoints-empty',
    ...whenTheWayIsClosed,
  ],
  requires: ['nodes'],
  uses: ['coredns-pods', 'pod', 'lookups'],
  judge({ nodes, 'coredns-pods': coredns, pod }) {
    const onNode = (name: string) => [
      ...(coredns?.items ?? []).filter((one) => one.node === name && !one.terminating).map((one) => one.name),
      ...(pod?.node === name ? [`${pod.namespace}/${pod.name}`] : []),
    ];
    return found(
      nodes.items.flatMap((node, index) => {
        const pods = onNode(node.name);
        if (node.ready || pods.length === 0) return [];
        const others = (coredns?.items ?? []).some((one) => one.ready && one.node !== node.name);
        const args = { message: node.notReadyMessage ?? 'no reason given', pods };
        return [
          finding(
            'node-notready',
            others ? 'high' : 'critical',
            { kind: 'Node', name: node.name },
            { args, proof: [at('nodes', `/items/${index}`)] },
          ),
        ];
      }),
    );
  },
});
