import { defineCheck, finding, found, passed } from './check.ts';
import { whenPodsCrash } from './consequences.ts';
import { corednsArgs, corednsSubject, outage, podProof } from './coredns-view.ts';
import { forwardFor, upstreamNames } from './corefile-view.ts';
import { crashedBy } from './crash.ts';
import { logOf, logProof } from './log-view.ts';

export default defineCheck({
  id: 'coredns-crashloop-loop',
  title: 'CoreDNS does not forward to itself',
  why: 'When a query that CoreDNS forwards comes back to it, each turns into many. The loop plugin finds that out in the first 30 seconds and ends the process, at a reload too.',
  docs: 'https://coredns.io/plugins/loop/#troubleshooting',
  wording: {
    found: 'CoreDNS forwards to itself (zone {zone}, upstream {upstreams}) and ends because of it: {count} of {of} pods crash ({pods})',
    next: [
      'See it in the log: kubectl -n {namespace} logs {pod} --previous',
      'If the Corefile forwards to 127.0.0.1, ::1 or the Service of kube-dns, correct that: kubectl -n {namespace} edit configmap {configMap}',
      'If it forwards to /etc/resolv.conf, the node lists a local address there: have the kubelet use /run/systemd/resolve/resolv.conf (resolvConf), or forward to the resolver of the VPC',
      'Do not just remove the loop plugin: the pods then run out of memory instead',
    ],
  },
  explains: [...whenPodsCrash, 'coredns-crashloop', 'corefile-forward-unreachable', 'corefile-max-concurrent', 'upstream-slow'],
  requires: ['coredns-pods'],
  uses: ['coredns-logs', 'coredns-events', 'coredns-workload', 'corefile'],
  judge(facts, { now }) {
    const { 'coredns-pods': pods, 'coredns-workload': workload, 'coredns-logs': logs, corefile } = facts;
    const crashed = crashedBy('loop', facts, now);
    if (crashed.length === 0) return passed;
    const said = crashed.flatMap(({ pod }) => logOf(logs, pod.name)).filter((entry) => entry.class === 'loop');
    const args = {
      ...corednsArgs(workload, pods, crashed),
      zone: said[0]?.fields['zone'] ?? '.',
      upstreams: corefile === undefined ? 'not known' : upstreamNames(forwardFor(corefile, '.')),
      configMap: corefile?.configMap ?? workload?.configMap ?? 'coredns',
    };
    const proof = [...logProof(said, 2), ...crashed.slice(0, 2).map((one) => podProof(one, '/container'))];
    const remedies = [{ id: 'restore-corefile', params: {} }];
    return found([finding('coredns-crashloop-loop', outage(pods, now), corednsSubject(workload, pods), { args, proof, remedies })]);
  },
});
