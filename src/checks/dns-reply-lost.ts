import { endsOf, lossOf, noFault, severityOf, straightest, subjectOf, waysThat, wayProof } from './capture-view.ts';
import { defineCheck, finding, found } from './check.ts';

export default defineCheck({
  id: 'dns-reply-lost',
  title: 'Answers of CoreDNS come back to the client',
  why: 'To the client a lost answer looks as if nobody had answered. Packets captured at both ends show that CoreDNS did.',
  docs: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
  wording: {
    way: {
      found: '{to} answers, but {lost} of {of} answers ({percent} %) never come back to {from}: they are lost on the way',
      next: [
        'On EKS network ACLs must let UDP ports 1024-65535 in to the subnet of the client: they keep no state',
        'Look for NetworkPolicies with Egress that select CoreDNS, and for a wrong source address: conntrack -L -p udp --dport 53 on the node of the client',
      ],
    },
    client: {
      found: '{lost} of {of} answers of {to} come back to {from}, but not to the program that asked: something inside the pod drops them',
      next: [
        'Look at the INPUT rules in its network namespace: iptables -S INPUT, nft list ruleset',
        'Look at its UDP receive errors: cat /proc/net/snmp in the pod (RcvbufErrors)',
      ],
    },
  },
  explains: ['coredns-endpoint-unanswering', 'dns-packet-loss', 'pod-lookups-fail', 'kubeproxy-rules-missing', 'coredns-single-point'],
  requires: ['capture'],
  uses: [],
  judge({ capture }) {
    const ways = waysThat(capture, 'lost-reply');
    if (ways.length === 0) return noFault(capture);
    const groups = Map.groupBy(ways, ({ way }) => (way.stoppedAt === 'client' ? 'client' : 'way'));
    return found(
      [...groups].flatMap(([variant, own]) => {
        const shown = straightest(own);
        const { failed, of, percent } = lossOf(shown);
        const args = { ...endsOf(shown), lost: failed, of, percent };
        const subject = subjectOf(shown[0]?.way.client ?? { label: '', node: null });
        return [finding('dns-reply-lost', severityOf(shown), subject, { variant, args, proof: wayProof(own) })];
      }),
    );
  },
});
