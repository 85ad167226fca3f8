import { describe, expect, test } from '@jest/globals';
import { type Happens, Network, verdicts, wayTo } from './network.ts';
import { analyse, answer, client, clusterIp, inOrder, podA, podB, point, query, resolver, segment, unreachable } from './traffic.ts';
import type { CaptureReport } from '../../src/domain/capture.ts';
import { captureReport } from '../../src/packets/capture-report.ts';

const shots = 20;
type Where = { to: string; via: 'a' | 'b'; i: number };

/** Twenty probes to each pod and forty to the ClusterIP, which go to the pods in turn. */
function probed(happens: (where: Where) => Happens, network = new Network()): Network {
  let i = 0;
  for (let shot = 0; shot < shots; shot++) {
    for (const [to, via] of [
      [podA, 'a'],
      [podB, 'b'],
      [clusterIp, 'a'],
      [clusterIp, 'b'],
    ] as const) {
      network.probe(i, to, via, happens({ to, via, i: shot }));
      i += 1;
    }
  }
  return network;
}

const ways = { [podA]: 'dns-ok 100 %', [podB]: 'dns-ok 100 %', [clusterIp]: 'dns-ok 100 %' };

describe('what the lab breaks is found where it is broken', () => {
  test('nothing: all is well', () => {
    const report = probed(() => ({})).report();
    expect(verdicts(report)).toEqual(ways);
    expect(report.verdict).toMatchObject({ status: 'healthy', code: 'dns-ok', pattern: null });
    expect(wayTo(report, podA)).toMatchObject({ rcodes: { NXDOMAIN: 20 }, marked: 20, crossNode: false });
    expect(wayTo(report, podB)).toMatchObject({
      crossNode: true,
      udp: { told: 20, sent: 20, arrived: 20, answered: 20, returned: 20, loss: 0 },
    });
  });

  test('one CoreDNS pod drops UDP on INPUT: seen there, never answered', () => {
    const report = probed(({ via }) => ({ droppedInPod: via === 'b' })).report();
    expect(verdicts(report)).toEqual({ ...ways, [podB]: 'dropped-in-pod 100 %', [clusterIp]: 'dropped-in-pod 50 %' });
    expect(report.verdict).toMatchObject({ status: 'broken', code: 'dropped-in-pod', pattern: 'one-server' });
    expect(wayTo(report, clusterIp)).toMatchObject({
      failedAt: ['s2'],
      stoppedAt: 'server',
      udp: { sent: 40, arrived: 40, answered: 20, loss: 0.5 },
    });
    expect(
      wayTo(report, podB)
        .proof.map((packet) => `${packet.point} ${packet.what}`)
        .slice(0, 2),
    ).toEqual(['c1 query', 's2 query']);
  });

  test('port 53 is blocked between nodes: lost on the way to the other node only', () => {
    const report = probed(({ via }) => ({ lostRequest: via === 'b' })).report();
    expect(verdicts(report)).toEqual({ ...ways, [podB]: 'lost-request 100 %', [clusterIp]: 'lost-request 50 %' });
    expect(report.verdict).toMatchObject({ status: 'broken', code: 'lost-request', pattern: 'cross-node' });
    expect(wayTo(report, podB)).toMatchObject({ stoppedAt: 'network', udp: { sent: 20, arrived: 0, returned: 0, loss: 1 } });
  });

  test.each(['network', 'pod'] as const)('TCP port 53 is blocked (%s), UDP is not', (blocked) => {
    const network = probed(() => ({}));
    for (let i = 0; i < 5; i++)
      for (const [to, via] of [
        [podA, 'a'],
        [podB, 'b'],
        [clusterIp, 'a'],
      ] as const)
        network.tcp(i, to, via, { blocked });
    const report = network.report();
    expect(verdicts(report)).toEqual({ [podA]: 'tcp-blocked 100 %', [podB]: 'tcp-blocked 100 %', [clusterIp]: 'tcp-blocked 100 %' });
    expect(report.verdict).toMatchObject({ status: 'degraded', code: 'tcp-blocked', pattern: 'tcp' });
    expect(wayTo(report, podA)).toMatchObject({
      stoppedAt: blocked === 'network' ? 'network' : 'server',
      tcp: { told: 5, sent: 5, arrived: blocked === 'network' ? 0 : 5, answered: 0, returned: 0, loss: 1 },
      udp: { loss: 0 },
    });
  });

  test('TCP that comes to the server’s node and not into the pod is lost on that node', () => {
    const network = probed(() => ({ nodes: { client: 'as-is', server: true } }));
    for (let i = 0; i < 5; i++) network.tcp(i, podB, 'b', { blocked: 'network', atNode: true });
    const report = network.report({}, ['c1', 's1', 's2', 'n1', 'n2']);
    expect(wayTo(report, podB)).toMatchObject({ verdict: 'tcp-blocked', stoppedAt: 'server-node', tcp: { sent: 5, arrived: 0 } });
  });

  test('the Service has no TCP port: only the ClusterIP is dumb over TCP', () => {
    const network = probed(() => ({}));
    for (let i = 0; i < 5; i++) {
      for (const [to, via] of [
        [podA, 'a'],
        [podB, 'b'],
      ] as const)
        network.tcp(i, to, via);
      network.tcp(i, clusterIp, 'a', { blocked: 'network' });
    }
    const report = network.report();
    expect(verdicts(report)).toEqual({ ...ways, [clusterIp]: 'tcp-blocked 100 %' });
    expect(report.verdict).toMatchObject({ code: 'tcp-blocked', pattern: 'cluster-ip' });
  });

  test('half of the UDP packets are lost: exactly half', () => {
    const report = probed(({ i }) => ({ lostRequest: i % 2 === 0 })).report();
    expect(verdicts(report)).toEqual({ [podA]: 'lost-request 50 %', [podB]: 'lost-request 50 %', [clusterIp]: 'lost-request 50 %' });
    expect(report.verdict).toMatchObject({ status: 'broken', code: 'lost-request', pattern: 'all' });
    expect(wayTo(report, podA).udp).toEqual({ told: 20, sent: 20, arrived: 10, answered: 10, returned: 10, loss: 0.5 });
  });

  test('a NetworkPolicy denies egress: nothing of the client arrives, its node has it coming in only', () => {
    const report = probed(() => ({ lostRequest: true, nodes: { client: 'in-only' } })).report({}, ['c1', 's1', 's2', 'n1']);
    expect(verdicts(report)).toEqual({ [podA]: 'lost-request 100 %', [podB]: 'lost-request 100 %', [clusterIp]: 'lost-request 100 %' });
    expect(report.verdict).toMatchObject({ status: 'broken', pattern: 'all' });
    expect(wayTo(report, podB).stoppedAt).toBe('client-node');
  });

  test('a NetworkPolicy denies ingress at the server: it comes to the server’s node', () => {
    const happens: Happens = { lostRequest: true, nodes: { client: 'translated', server: true } };
    const report = probed(() => happens).report({}, ['c1', 's1', 's2', 'n1', 'n2']);
    expect(wayTo(report, podB)).toMatchObject({ verdict: 'lost-request', stoppedAt: 'server-node' });
  });

  test('the Service has a wrong targetPort: the pods refuse what comes by the ClusterIP', () => {
    const report = probed(({ to }) => (to === clusterIp ? { icmpBy: clusterIp, icmp: 'port' } : {})).report();
    expect(verdicts(report)).toEqual({ ...ways, [clusterIp]: 'nothing-listening 100 %' });
    expect(report.verdict).toMatchObject({ status: 'broken', code: 'nothing-listening', pattern: 'cluster-ip' });
    expect(wayTo(report, clusterIp).unreachable).toEqual({ what: 'port', by: clusterIp, count: 40 });
  });

  test('a reset by the ClusterIP is nobody listening, too', () => {
    const network = probed(({ to }) => (to === clusterIp ? { icmpBy: clusterIp, icmp: 'port' } : {}));
    for (let i = 0; i < 5; i++) network.tcp(i, clusterIp, 'a', { blocked: 'reset' });
    expect(wayTo(network.report(), clusterIp)).toMatchObject({ verdict: 'nothing-listening', outcomes: { 'nothing-listening': 45 } });
  });

  test('the Service has no endpoints: a node rejects', () => {
    const report = probed(({ to }) => (to === clusterIp ? { icmpBy: '10.244.1.1', icmp: 'port' } : {})).report();
    expect(verdicts(report)).toEqual({ ...ways, [clusterIp]: 'rejected-no-endpoints 100 %' });
    expect(wayTo(report, clusterIp).stoppedAt).toBe('kube-proxy');
  });

  test('kube-proxy sends to pods that are gone: host unreachable is a lost request', () => {
    const report = probed(({ to }) => (to === clusterIp ? { icmpBy: '10.244.1.1', icmp: 'host' } : {})).report();
    expect(wayTo(report, clusterIp)).toMatchObject({ verdict: 'lost-request', unreachable: { what: 'host', by: '10.244.1.1' } });
  });

  test('the upstream is silent: outside names fail, inside names do not', () => {
    const network = probed(() => ({}));
    for (let i = 100; i < 120; i++)
      network.probe(
        i,
        podA,
        'a',
        i % 2 === 0 ? { upstream: 'silent, then SERVFAIL', delayMs: 4000 } : { upstream: 'silent' },
        `dnsbot-0a1b2c3d-${i}.amazon.com`,
      );
    const report = network.report();
    expect(verdicts(report)).toEqual({ ...ways, [podA]: 'upstream 50 %' });
    expect(report.verdict).toMatchObject({ status: 'broken', code: 'upstream', pattern: 'outside-names' });
    const upstream = report.ways.find(({ kind }) => kind === 'upstream');
    expect(upstream).toMatchObject({
      verdict: 'upstream',
      share: 1,
      client: { point: 's1' },
      server: { address: resolver },
      udp: { sent: 20, returned: 0 },
    });
  });

  test('what an upstream does not answer at another time, or for another name, is no reason', () => {
    for (const other of [{ at: 30_000 }, { at: 10, name: 'other.example' }]) {
      const network = new Network();
      for (let i = 0; i < 20; i++) {
        const name = `dnsbot-0a1b2c3d-${i}.x.example`;
        network.probe(i, podA, 'a', { droppedInPod: true }, name);
        network.at('s1', query({ from: podA, to: resolver, port: 900 + i, id: i, name, ...other }));
      }
      expect(wayTo(network.report(), podA).verdict).toBe('dropped-in-pod');
    }
  });

  test('an upstream that answers is no fault', () => {
    const network = probed(() => ({}));
    for (let i = 100; i < 120; i++) network.probe(i, podA, 'a', { upstream: 'answers' }, `dnsbot-0a1b2c3d-${i}.amazon.com`);
    expect(network.report().verdict).toMatchObject({ status: 'healthy', code: 'dns-ok' });
  });

  test.each([[false], [true]])('kube-proxy does not run on the node: packets leave undone (seen on the node: %s)', (onNode) => {
    const happens: Happens = { lostRequest: true, ...(onNode ? { nodes: { client: 'as-is' } } : {}) };
    const report = probed(({ to }) => (to === clusterIp ? happens : {})).report({}, onNode ? ['c1', 's1', 's2', 'n1'] : ['c1', 's1', 's2']);
    expect(verdicts(report)).toEqual({ ...ways, [clusterIp]: 'lost-request 100 %' });
    expect(wayTo(report, clusterIp).stoppedAt).toBe('kube-proxy');
    expect(report.verdict.pattern).toBe('cluster-ip');
  });

  test('the server is slow', () => {
    const report = probed(() => ({ delayMs: 1500 })).report();
    expect(verdicts(report)).toEqual({ [podA]: 'slow-server 100 %', [podB]: 'slow-server 100 %', [clusterIp]: 'slow-server 100 %' });
    expect(report.verdict.status).toBe('degraded');
  });

  test('replies are lost', () => {
    const report = probed(({ via }) => ({ lostReply: via === 'b' })).report();
    expect(wayTo(report, podB)).toMatchObject({ verdict: 'lost-reply', stoppedAt: 'way-back', udp: { answered: 20, returned: 0 } });
  });

  test('the client sends and its own packet filter drops: nothing is seen, and the prober knows better', () => {
    const report = probed(() => ({ notSent: true })).report();
    expect(verdicts(report)).toEqual({ [podA]: 'not-sent 100 %', [podB]: 'not-sent 100 %', [clusterIp]: 'not-sent 100 %' });
    expect(wayTo(report, podA).udp).toEqual({ told: 20, sent: 0, arrived: 0, answered: 0, returned: 0, loss: 1 });
  });

  test('answers come back and the prober does not get them', () => {
    const network = probed(() => ({}));
    const told = network.told.map((one) => ({ ...one, answered: false }));
    expect(wayTo(network.report({ told }), podA)).toMatchObject({ verdict: 'lost-reply', stoppedAt: 'client' });
  });

  test('no packets, no prober: nothing was seen, and nothing is called well', () => {
    expect(new Network().report().verdict).toEqual({ status: 'unknown', code: 'nothing-seen', way: null, pattern: null });
  });

  test('DNS over TLS is said to be that', () => {
    const network = new Network();
    const packet = {
      kind: 'encrypted',
      at: 1,
      direction: null,
      interface: null,
      source: client,
      sourcePort: 5000,
      destination: '1.1.1.1',
    } as const;
    network.at('c1', { ...packet, destinationPort: 853, transport: 'tcp' });
    const report = network.report();
    expect(report.verdict).toMatchObject({ status: 'unknown', code: 'encrypted' });
    expect(wayTo(report, '1.1.1.1').proof).toMatchObject([{ point: 'c1', number: 1, what: 'encrypted' }]);
  });
});

describe('the conntrack race', () => {
  /** Pairs of A and AAAA from one port; `lost` says which of a pair is lost. */
  function pairs(count: number, lost: (i: number) => 'A' | 'AAAA' | 'both' | null): Network {
    const network = probed(() => ({}));
    for (let i = 0; i < count; i++)
      for (const type of ['A', 'AAAA'])
        network.ask(
          { to: clusterIp, port: 20_000 + i, id: 2 * i + (type === 'A' ? 0 : 1), type, name: 'cart.shop.svc.cluster.local', at: 100 + i },
          'a',
          { lostRequest: lost(i) === type || lost(i) === 'both' },
        );
    return network.later();
  }

  test('is what loses one of a pair again and again, and nothing else', () => {
    const report = pairs(60, (i) => (i % 3 === 0 ? 'AAAA' : null)).report();
    expect(wayTo(report, clusterIp)).toMatchObject({ verdict: 'conntrack-race', outcomes: { 'conntrack-race': 20 } });
    expect(report.verdict).toMatchObject({ status: 'degraded', code: 'conntrack-race', pattern: 'cluster-ip' });
  });

  test('is not what loses both of a pair, too', () => {
    expect(wayTo(pairs(60, (i) => (i % 6 === 0 ? 'both' : i % 3 === 0 ? 'A' : null)).report(), clusterIp).verdict).toBe('lost-request');
  });

  test('is not what loses queries that were sent alone, too', () => {
    const network = pairs(60, (i) => (i % 3 === 0 ? 'A' : null));
    for (let i = 0; i < 5; i++) network.ask({ to: clusterIp, port: 25_000 + i, id: i, at: 130 + i }, 'a', { lostRequest: i < 2 });
    expect(wayTo(network.report(), clusterIp).verdict).toBe('lost-request');
  });

  test('is not told from little loss by chance', () => {
    expect(wayTo(pairs(60, (i) => (i < 2 ? 'A' : null)).report(), clusterIp).verdict).not.toBe('conntrack-race');
  });
});

describe('real traffic', () => {
  const ask = (network: Network, i: number, happens: Happens = {}): void =>
    network.ask({ to: podA, id: i, name: `n${i}.shop`, at: i * 100 }, 'a', happens);

  test('is judged between packets that both captures have, not beyond', () => {
    const network = new Network();
    // the server's capture began after the first ten and ended before the last ten
    for (let i = 0; i < 100; i++) ask(network, i, { lostRequest: i < 10 || i >= 90 || i % 10 === 5 });
    const way = wayTo(network.later().report(), podA);
    expect(way.outcomes).toEqual({ unanswered: 20, 'lost-request': 8, 'dns-ok': 72 });
  });

  test('is not called lost for the last two seconds of a capture', () => {
    const network = new Network();
    for (let i = 0; i < 50; i++) ask(network, i, { lostRequest: i > 31 });
    const way = wayTo(network.report(), podA);
    // those of the last two seconds are left out: nobody knows
    expect(way.outcomes).toEqual({ 'dns-ok': 32 });
    expect(way.verdict).toBe('dns-ok');
  });

  test('with nothing but young queries cannot be judged', () => {
    const network = new Network();
    ask(network, 1, { lostRequest: true });
    expect(network.report().verdict).toMatchObject({ status: 'unknown', code: 'unknown' });
    expect(wayTo(network.report(), podA).why).toBe('ended-too-early');
  });

  test('is found behind a masquerade by id, name and type', () => {
    const network = new Network();
    for (let i = 0; i < 40; i++) ask(network, i, { masquerade: { from: '172.30.0.11', port: 60_000 + i }, droppedInPod: i % 2 === 0 });
    network.at('s1', query({ at: 60_000, to: podA, from: client }));
    expect(wayTo(network.later().report(), podA).outcomes).toEqual({ 'dropped-in-pod': 20, 'dns-ok': 20 });
  });

  test('of clients without a capture is judged at the server', () => {
    const network = new Network();
    for (let i = 0; i < 40; i++) {
      const one = { from: `10.244.9.${i}`, to: podA, id: i, name: `n${i}.shop`, at: i * 100 };
      network.at('s1', query(one));
      if (i % 4 !== 0) network.at('s1', answer({ ...one, at: i * 100 + 1 }));
    }
    network.at('s1', query({ at: 30_000, to: podA }));
    const report = network.report({}, ['s1']);
    expect(report.ways).toMatchObject([
      { client: { label: '41 clients' }, verdict: 'dropped-in-pod', share: 0.25, udp: { sent: null, arrived: 40, answered: 30 } },
    ]);
    expect(report.verdict.status).toBe('degraded');
  });

  test('that goes to a pod without a capture is unanswered, no more', () => {
    const report = probed(({ via }) => ({ droppedInPod: via === 'b' })).report({}, ['c1', 's1']);
    expect(wayTo(report, clusterIp)).toMatchObject({ verdict: 'unanswered', why: 'server-not-captured', share: 0.5 });
    expect(wayTo(report, podB)).toMatchObject({ verdict: 'unanswered', why: null });
  });

  test('is not called lost where the server’s capture missed packets', () => {
    const network = new Network();
    for (let i = 0; i < 100; i++) ask(network, i, { lostRequest: i % 10 === 5 });
    network.later();
    const report = (dropped: number): CaptureReport =>
      captureReport(
        [
          analyse(inOrder(network.packets['c1'] ?? []), point('c1', 'client', [client])),
          analyse(inOrder(network.packets['s1'] ?? []), point('s1', 'server', [podA]), { dropped }),
        ],
        { clusterIps: [clusterIp], upstreams: [resolver], endpoints: [podA, podB] },
      );
    expect(wayTo(report(0), podA).verdict).toBe('lost-request');
    expect(wayTo(report(7), podA).verdict).toBe('unanswered');
  });

  test('whose answers come after the client has gone is slow, not lost', () => {
    const network = new Network();
    for (let i = 0; i < 20; i++) {
      const one = { to: podA, port: 20_000 + i, id: i, name: `dnsbot-0a1b2c3d-${i}.x.example`, at: i * 10 };
      network.at('c1', query(one));
      network.at('s1', query(one));
      network.at('s1', answer({ ...one, at: one.at + 6000 }));
      const { about, ...icmp } = unreachable({ ...one, at: one.at + 6001 }, client);
      const back = { ...about, source: podA, sourcePort: 53, destination: client, destinationPort: one.port };
      network.at('s1', { ...icmp, destination: podA, about: back });
    }
    expect(wayTo(network.report(), podA)).toMatchObject({ verdict: 'slow-server', share: 1 });
  });

  test('that the pod itself refuses on arrival finds nobody listening', () => {
    const network = new Network();
    for (let i = 0; i < 20; i++) {
      const one = { to: clusterIp, port: 20_000 + i, id: i, name: `dnsbot-0a1b2c3d-${i}.x.example`, at: i * 10 };
      network.at('c1', query(one));
      network.at('s1', query({ ...one, to: podA }));
      network.at('s1', unreachable({ ...one, to: podA, at: one.at + 0.1 }, podA));
      network.at('c1', unreachable({ ...one, at: one.at + 0.2 }, clusterIp));
    }
    expect(wayTo(network.report(), clusterIp)).toMatchObject({
      verdict: 'nothing-listening',
      stoppedAt: 'server',
      failedAt: ['s1'],
      share: 1,
    });
  });

  test('over TCP behind a masquerade is not called lost: its address cannot be found', () => {
    const network = new Network();
    for (let i = 0; i < 40; i++) ask(network, i, { masquerade: { from: '172.30.0.11', port: 60_000 + i } });
    for (let i = 0; i < 10; i++) network.at('c1', segment({ to: podA, port: 50_000 + i, at: 1000 + i }, 'syn'));
    expect(wayTo(network.later().report(), podA).outcomes).toEqual({ 'dns-ok': 40, unanswered: 10 });
  });

  test('so much of it that only a sample is kept gives the same shares, over TCP too', () => {
    const network = new Network();
    const many = 40_000;
    for (let i = 0; i < many; i++) {
      const one = { from: client, to: podA, port: 1024 + (i % 60_000), id: i & 0xffff, name: `n${i}.shop`, at: i };
      network.at('c1', query(one));
      if (i % 4 !== 0) network.at('s1', query(one));
      if (i % 4 !== 0) for (const id of ['c1', 's1']) network.at(id, answer({ ...one, at: i + 0.5 }));
      if (i % 10 === 0) network.at('c1', segment({ ...one, at: i + 0.7 }, 'syn'));
    }
    const report = network.later().report({}, ['c1', 's1']);
    const way = wayTo(report, podA);
    expect(report.sampled).toBeLessThan(0.51);
    expect(way.verdict).toBe('lost-request');
    expect(Math.abs(way.share - 0.25)).toBeLessThan(0.02);
    expect(Math.abs((way.udp.sent ?? 0) / (many * report.sampled) - 1)).toBeLessThan(0.05);
    expect(Math.abs((way.tcp.sent ?? 0) / ((many / 10) * report.sampled) - 1)).toBeLessThan(0.1);
  });

  test('a log of CoreDNS tells a dropped reply from a dropped query', () => {
    const network = new Network();
    for (let i = 0; i < 20; i++) network.probe(i, podA, 'a', { droppedInPod: true });
    const logged = network.packets['s1']!.flatMap((packet) =>
      packet.kind === 'message'
        ? [
            {
              point: 's1',
              client,
              clientPort: packet.sourcePort,
              id: packet.id,
              name: packet.name ?? '',
              type: 'A',
              rcode: 'NXDOMAIN',
              ms: 0.2,
            },
          ]
        : [],
    );
    expect(wayTo(network.report({ logged }), podA).verdict).toBe('reply-dropped-in-pod');
    const failed = logged.map((line) => ({ ...line, rcode: '-', ms: 2001 }));
    expect(wayTo(network.report({ logged: failed }), podA).verdict).toBe('upstream');
  });
});
