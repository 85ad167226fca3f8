import type { CaptureReport } from '../domain/capture.ts';
import type { Judgement } from '../domain/check.ts';
import type { Proof } from '../domain/finding.ts';
import { captureOffer, endsOf, type IndexedWay, tcpBlocked, wayProof } from './capture-view.ts';
import { defineCheck, finding, found, notApplicable } from './check.ts';
import { endpointViews, type EndpointView, localRoles, proofRows, rowsOf } from './lookup-view.ts';

/** Whether a pod answers nobody over TCP, not even its own node, while another pod does. */
const refusesAll = (view: EndpointView, views: readonly EndpointView[]): boolean =>
  view.from.every(({ tcp }) => tcp === 'none' || tcp === 'unseen') &&
  view.from.some(({ sameNode, tcp }) => sameNode === true && tcp === 'none') &&
  views.some((other) => other.from.some(({ tcp }) => tcp === 'all'));

const next = [
  'Allow TCP 53 beside UDP 53 wherever port 53 is allowed: security groups, network ACLs, NetworkPolicies',
  'Until then large answers (many records, DNSSEC, TXT) fail, and clients with the option use-vc get nothing',
];

type Blocked = { pods: string[]; nodes: string[]; proof: Proof[] };

/** Where packets show TCP to be stopped. */
function whereOf(ways: readonly IndexedWay[]): string {
  const arrive = ways.every(({ way }) => way.stoppedAt === 'server');
  if (!arrive) return 'requests for connections leave the client and do not arrive';
  return ways.some(({ way }) => way.outcomes['nothing-listening'] !== undefined)
    ? 'requests for connections arrive and are refused'
    : 'requests for connections arrive and are not accepted';
}

/** What lookups found, with what packets show of it; or what packets alone show. */
function blockedFinding(seen: Blocked | null, ways: readonly IndexedWay[], capture: CaptureReport | undefined): Judgement {
  const { from, to } = endsOf(ways);
  const { pods, nodes, proof } = seen ?? { pods: to, nodes: from, proof: [] };
  const shown = ways.length === 0 ? { args: { pods, nodes } } : { variant: 'captured', args: { pods, nodes, where: whereOf(ways) } };
  const parts = { ...shown, proof: [...proof, ...wayProof(ways, 2)], remedies: captureOffer(capture) };
  return found([finding('tcp53-blocked', 'high', { kind: 'Node', name: nodes.join(', ') }, parts)]);
}

export default defineCheck({
  id: 'tcp53-blocked',
  title: 'CoreDNS answers over TCP as it does over UDP',
  why: 'Answers that do not fit a UDP packet are asked for again over TCP, and some clients use TCP alone. Blocked, large answers fail while small ones work.',
  docs: 'https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html',
  wording: {
    default: { found: 'TCP port 53 is blocked on the way to CoreDNS ({pods}), while UDP gets through; asked from {nodes}', next },
    captured: {
      found:
        'TCP port 53 is blocked on the way to CoreDNS ({pods}), while UDP gets through; asked from {nodes}: captured packets show that {where}',
      next,
    },
  },
  explains: [],
  requires: ['lookups'],
  uses: ['coredns-pods', 'capture'],
  judge({ lookups, 'coredns-pods': pods, capture }) {
    const captured = capture === undefined ? [] : tcpBlocked(capture).onTheWay;
    const ready = new Set(pods?.items.filter((pod) => pod.ready).map((pod) => pod.name));
    const views = endpointViews(lookups).filter((view) => pods === undefined || (view.pod !== null && ready.has(view.pod)));
    // one pod among several that refuses TCP to all, its own node too, is that pod's fault: coredns-endpoint-unanswering
    const paths = views.filter((view) => !refusesAll(view, views)).flatMap((view) => view.from.map((from) => ({ view, from })));
    const comparable = paths.filter(({ from }) => from.udp !== 'unseen' && from.udp !== 'none' && from.tcp !== 'unseen');
    if (comparable.length === 0 && captured.length === 0) return notApplicable('no CoreDNS pod answers over UDP where TCP was tried');
    const blocked = comparable.filter(({ from }) => from.tcp === 'none');
    const cross = comparable.filter(({ from }) => from.sameNode === false);
    const everywhere = blocked.length === comparable.length || (cross.length > 0 && cross.every(({ from }) => from.tcp === 'none'));
    const fromNode = [...new Set(blocked.map(({ from }) => from.node))].filter((node) =>
      comparable.filter(({ from }) => from.node === node && from.sameNode !== true).every(({ from }) => from.tcp === 'none'),
    );
    if (blocked.length === 0 || (!everywhere && fromNode.length === 0))
      return captured.length === 0 ? found([]) : blockedFinding(null, captured, capture);
    const rows = blocked.flatMap(({ view, from }) =>
      rowsOf(lookups, { server: view.address, node: from.node, proto: 'tcp', how: 'probe', role: localRoles }),
    );
    const seen = {
      pods: [...new Set(blocked.map(({ view }) => view.pod ?? view.address))],
      nodes: [...new Set(blocked.map(({ from }) => from.node))],
      proof: proofRows(rows),
    };
    return blockedFinding(seen, captured, capture);
  },
});
