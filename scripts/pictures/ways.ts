import type { Hop, Leg, Outcome, Stop, WayPicture, WaysPicture } from '../../src/pictures/way.ts';

type Step = [state: Leg['state'], sent: number | null, arrived: number | null];

const client: Hop = { kind: 'client', label: 'cart-7d9f6b5c4-x2x4q', detail: '10.0.1.17' };
const clientNode: Hop = { kind: 'client-node', label: 'ip-10-0-1-12', detail: 'eu-west-1a' };
const network: Hop = { kind: 'network', label: 'VPC', detail: '' };
const serverNode: Hop = { kind: 'server-node', label: 'ip-10-0-2-33', detail: 'eu-west-1b' };
const server: Hop = { kind: 'server', label: 'coredns-6f6b679f8f-k7wzp', detail: '10.0.2.141' };
const other: Hop = { kind: 'server', label: 'coredns-6f6b679f8f-9b2ls', detail: '10.0.1.88' };
const service: Hop = { kind: 'service', label: 'kube-dns', detail: '10.96.0.10' };
const upstream: Hop = { kind: 'upstream', label: '10.0.0.2', detail: 'VPC resolver' };

const across = [client, clientNode, network, serverNode, server];
const all = (count: number): Step => ['ok', count, count];
const gone: Step = ['not-reached', null, null];

/** Legs one after another: out for `requests`, back for `replies`, both in the order of travel. */
function legs(hops: readonly Hop[], requests: readonly Step[], replies: readonly Step[]): Leg[] {
  const out = requests.map(([state, sent, arrived], index): Leg => ({
    from: index,
    to: index + 1,
    direction: 'request',
    state,
    sent,
    arrived,
  }));
  const last = hops.length - 1;
  const back = replies.map(([state, sent, arrived], index): Leg => ({
    from: last - index,
    to: last - index - 1,
    direction: 'reply',
    state,
    sent,
    arrived,
  }));
  return [...out, ...back];
}

const times = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step);

interface Story {
  title?: string;
  verdict: string;
  outcome: Outcome;
  hops?: Hop[];
  requests: Step[];
  replies: Step[];
  stoppedAt: Stop | null;
}

const way = ({ title = 'cart → coredns k7wzp', hops = across, requests, replies, ...rest }: Story): WayPicture => ({
  title,
  hops,
  legs: legs(hops, requests, replies),
  ...rest,
});

const good = (title: string, hops: Hop[], verdict = 'All 20 answered, p95 2 ms.'): WayPicture =>
  way({
    title,
    hops,
    verdict,
    outcome: 'ok',
    requests: times(hops.length - 1, all(20)),
    replies: times(hops.length - 1, all(20)),
    stoppedAt: null,
  });

const lostBetweenNodes = way({
  verdict: 'All 20 left the node of the client, none came to the node of CoreDNS.',
  outcome: 'lost',
  requests: [all(20), ['lost', 20, 0], gone, gone],
  replies: times(4, gone),
  stoppedAt: { at: 'leg', index: 1, word: 'lost here' },
});

const long: Hop[] = [
  { kind: 'client', label: 'recommendation-service-canary-production-7d9f6b5c4-x2x4q', detail: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff' },
  { kind: 'client-node', label: 'ip-10-250-131-112.eu-central-1.compute.internal', detail: 'ip-10-250-131-112' },
  { kind: 'service', label: 'node-local-dns-upstream', detail: '172.20.0.10' },
  network,
  { kind: 'server-node', label: 'ip-10-250-131-113.eu-central-1.compute.internal', detail: '10.250.131.113' },
  { kind: 'server', label: 'rke2-coredns-rke2-coredns-84b9cb946c-69fjk', detail: '10.42.211.104' },
  { kind: 'upstream', label: 'corp-resolver-emea-01.example.com', detail: '192.168.100.200' },
];

const clusterIp = 'cart → ClusterIP 10.96.0.10';

/** What captures of real faults look like: file name and picture. */
export const ways: Readonly<Record<string, WaysPicture>> = {
  healthy: {
    title: 'DNS of shop/cart works',
    verdict: 'Each query came to CoreDNS, and each reply came back.',
    ways: [good(clusterIp, [client, clientNode, service, serverNode, server]), good('cart → coredns k7wzp', across)],
  },
  'lost-between-nodes': {
    title: 'Queries are lost between two nodes',
    verdict: lostBetweenNodes.verdict,
    ways: [lostBetweenNodes],
  },
  'dropped-in-pod': {
    title: 'CoreDNS does not get what reaches its pod',
    verdict: 'All 20 came to the pod; CoreDNS logged none and sent no reply.',
    ways: [
      way({
        verdict: 'A packet filter in the pod, or a full socket buffer.',
        outcome: 'unanswered',
        requests: times(4, all(20)),
        replies: times(4, gone),
        stoppedAt: { at: 'hop', index: 4, word: 'dropped here' },
      }),
    ],
  },
  'half-lost': {
    title: 'Half of the replies do not come back',
    verdict: '11 of 20 replies left the node of CoreDNS and never came to the node of the client.',
    ways: [
      way({
        verdict: 'Replies are lost between the nodes: network ACL or security group.',
        outcome: 'lost',
        requests: times(4, all(20)),
        replies: [all(20), all(20), ['partly', 20, 9], all(9)],
        stoppedAt: { at: 'leg', index: 6, word: '11 lost here' },
      }),
    ],
  },
  refused: {
    title: 'Nothing listens where the Service sends',
    verdict: 'The pod answers “port unreachable”: the Service sends to port 5353, CoreDNS listens on 53.',
    ways: [
      way({
        title: clusterIp,
        hops: [client, clientNode, service, serverNode, server],
        verdict: 'All 20 were refused by the pod of CoreDNS.',
        outcome: 'refused',
        requests: [all(20), all(20), all(20), all(20)],
        replies: times(4, gone),
        stoppedAt: { at: 'hop', index: 4, word: 'port 5353 refused' },
      }),
      good('cart → coredns k7wzp, port 53', across),
    ],
  },
  'upstream-silent': {
    title: 'The resolver behind CoreDNS is silent',
    verdict: 'CoreDNS asked 10.0.0.2 60 times and got no reply; the client got SERVFAIL.',
    ways: [
      way({
        title: 'cart → coredns k7wzp → 10.0.0.2',
        hops: [client, clientNode, network, serverNode, server, upstream],
        verdict: 'Names outside of the cluster fail, names inside work.',
        outcome: 'unanswered',
        requests: [...times(4, all(20)), ['not-seen', null, null]],
        replies: times(5, gone),
        stoppedAt: { at: 'hop', index: 5, word: 'no reply to 60 queries' },
      }),
    ],
  },
  'one-bad-of-two': {
    title: 'One of two CoreDNS pods gets nothing',
    verdict: 'Queries to k7wzp are lost between the nodes; through the ClusterIP half of them fail.',
    ways: [
      way({
        title: clusterIp,
        hops: [client, clientNode, service, { ...server, label: '2 pods', detail: '' }],
        verdict: '9 of 20 answered: those that kube-proxy sent to 9b2ls.',
        outcome: 'lost',
        requests: [all(20), all(20), ['partly', 20, 9]],
        replies: times(3, all(9)),
        stoppedAt: { at: 'leg', index: 2, word: '11 lost here' },
      }),
      good('cart → coredns 9b2ls', [client, clientNode, other], 'All 20 answered: both are on one node.'),
      lostBetweenNodes,
    ],
  },
  'long-names': {
    title: 'recommendation-service-canary-production-7d9f6b5c4-x2x4q cannot resolve names of corp.example.com',
    verdict:
      'Replies of corp-resolver-emea-01.example.com take 4,900 ms in the middle, which is longer than the client waits for them, so it asks again.',
    ways: [
      way({
        title: 'recommendation-service-canary-production → corp-resolver-emea-01.example.com',
        hops: long,
        verdict:
          'The resolver is slow for names of corp.example.com.svc.prod-eu-central-1.cluster.example.internal and for none of the others.',
        outcome: 'slow',
        requests: times(6, all(1240)),
        replies: times(6, ['ok', 1240, 1238]),
        stoppedAt: { at: 'hop', index: 6, word: 'slow here: 4,900 ms' },
      }),
      way({
        title: 'the same way, seen only at its ends',
        hops: long,
        verdict: 'No capture on the nodes.',
        outcome: 'unknown',
        requests: [all(20), ...times(4, ['not-seen', null, null] as Step), ['ok', null, 20]],
        replies: [['ok', 20, null], ...times(4, ['not-seen', null, null] as Step), ['partly', 20, 19]],
        stoppedAt: null,
      }),
    ],
  },
  'many-ways': {
    title: '2 of 8 CoreDNS pods do not answer',
    verdict: 'Both are on ip-10-0-2-33: queries to that node are lost.',
    ways: Array.from({ length: 8 }, (_, index) =>
      index === 3 || index === 7
        ? { ...lostBetweenNodes, title: `cart → coredns ${index}`, verdict: 'All 20 are lost between the nodes.' }
        : good(`cart → coredns ${index}`, across),
    ),
  },
};
