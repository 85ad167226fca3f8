import { captureOffer } from './capture-view.ts';
import { defineCheck, finding, found, notApplicable } from './check.ts';
import { endpointViews, localRoles, proofRows, rowsOf, tally } from './lookup-view.ts';

/** Fewer shots cannot tell loss from chance: five lost in forty are hardly ever an accident of a healthy network. */
const enoughShots = 30;
const tooMuch = 0.05;
const tooMany = 4;

export default defineCheck({
  id: 'dns-packet-loss',
  title: 'Queries to CoreDNS are not lost on the way',
  why: 'A lost UDP query is only asked again after five seconds (glibc), so a little loss is felt as slow pages and timeouts all over the cluster.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  wording: {
    found: '{percent} % of the UDP queries to CoreDNS get no answer ({lost} of {shots}, asked straight at {pods})',
    next: [
      'Capture at both ends to see where they get lost, and look at the counters of the nodes: ethtool -S (allowance_exceeded), conntrack -S (insert_failed, drop), /proc/net/snmp (RcvbufErrors)',
      'Look for rules and shapers that drop a part: iptables statistic matches, tc qdiscs, a saturated node',
    ],
  },
  explains: [],
  requires: ['lookups'],
  uses: ['coredns-pods', 'capture'],
  judge({ lookups, 'coredns-pods': pods, capture }) {
    const ready = new Set(pods?.items.filter((pod) => pod.ready).map((pod) => pod.name));
    const views = endpointViews(lookups).filter((view) => pods === undefined || (view.pod !== null && ready.has(view.pod)));
    const paths = views.flatMap((view) => view.from.map((from) => ({ view, node: from.node, udp: from.udp })));
    // a path that is dead is somebody else's business; its silence is not loss
    const partial = paths.filter((path) => path.udp === 'some');
    if (paths.length === 0) return notApplicable('no CoreDNS pod was asked at its own address');
    const rows = partial.flatMap(({ view, node }) =>
      rowsOf(lookups, { kind: 'endpoint', how: 'probe', server: view.address, node, proto: 'udp', role: localRoles }),
    );
    const { shots, answered } = tally(rows);
    const lost = shots - answered;
    if (shots < enoughShots || lost < tooMany || lost / shots < tooMuch) return found([]);
    const percent = Math.round((100 * lost) / shots);
    const args = {
      percent,
      lost,
      shots,
      pods: [...new Set(partial.map(({ view }) => view.pod ?? view.address))],
      nodes: [...new Set(partial.map(({ node }) => node))],
    };
    const worst = rows.toSorted((a, b) => b.row.shots - b.row.answered - (a.row.shots - a.row.answered));
    return found([
      finding(
        'dns-packet-loss',
        percent >= 20 ? 'critical' : 'high',
        { kind: 'Node', name: args.nodes.join(', ') },
        { args, proof: proofRows(worst), remedies: captureOffer(capture) },
      ),
    ]);
  },
});
