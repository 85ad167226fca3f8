import { at, defineCheck, finding, found, notApplicable, passed } from './check.ts';
import { usableNodes } from './coredns-view.ts';

export default defineCheck({
  id: 'coredns-single-point',
  title: 'More than one CoreDNS pod is wanted',
  why: 'With one CoreDNS pod, DNS of the whole cluster ends with that pod or its node, at every rollout and node drain. All queries also share the packet limit of one network interface.',
  docs: 'https://docs.aws.amazon.com/eks/latest/best-practices/scale-cluster-services.html',
  wording: {
    default: {
      found: 'Only one CoreDNS pod is wanted ({target}), though {nodes} nodes could host one: DNS ends with it',
      next: ['Run two or more: kubectl -n {namespace} scale {target} --replicas=2'],
    },
    autoscaled: {
      found: '{autoscaler} keeps {target} at one pod, though {nodes} nodes could host one: DNS ends with it',
      next: ['Raise the lower bound of {autoscaler} to 2; a change of the replica count alone would be undone by it'],
    },
    short: {
      found: 'Of {desired} CoreDNS pods that are wanted ({target}), the controller creates only one: {message}',
      next: ['See what refuses the others: kubectl -n {namespace} describe replicaset'],
    },
  },
  explains: [],
  requires: ['coredns-workload', 'nodes', 'coredns-pods'],
  uses: [],
  judge({ 'coredns-workload': workload, nodes, 'coredns-pods': pods }) {
    const { kind, namespace, name, desired, autoscaler, condition } = workload;
    if (kind === 'DaemonSet') return notApplicable('a DaemonSet runs one pod on each of its nodes');
    const usable = nodes.complete ? usableNodes(nodes.items).length : nodes.total;
    if (usable < 2) return notApplicable('the cluster has one node for it');
    const short = desired > 1 && condition?.type === 'ReplicaFailure' && pods.items.filter((pod) => !pod.terminating).length === 1;
    if (desired !== 1 && !short) return passed;
    const args = {
      target: `${kind.toLowerCase()}/${name}`,
      namespace,
      nodes: usable,
      desired,
      autoscaler: autoscaler ?? 'none',
      message: condition?.message ?? '',
    };
    const variant = short ? 'short' : autoscaler === null ? 'default' : 'autoscaled';
    const remedies = variant === 'default' ? [{ id: 'scale-coredns', params: { replicas: 2 } }] : [];
    const proof = [at('coredns-workload', '/desired'), at('nodes', '/total')];
    return found([finding('coredns-single-point', 'medium', { kind, namespace, name }, { variant, args, proof, remedies })]);
  },
});
