import { describe, expect, test } from '@jest/globals';
import { overUdp, pod, port, question, segment, server, unreachable } from './people.ts';
import { readPackets } from './read.ts';
import { icmp, ipPacket, udp, type Route } from './write/ip.ts';

const v6: Route = { source: new Uint8Array(16).fill(1), destination: new Uint8Array(16).fill(2) };
const asked = overUdp(question({ id: 4711 }));
const askedV6 = ipPacket({ ...v6, protocol: 17, payload: udp(port, 53, question({ id: 4711 })) });
const about = { source: '10.244.1.7', sourcePort: port, destination: '10.96.0.10', destinationPort: 53, transport: 'udp', id: 4711 };

describe('an ICMP error', () => {
  test('tells who says that what was sent did not arrive', () => {
    const router = { source: Uint8Array.from([192, 0, 2, 1]), destination: pod };
    expect(readPackets([asked, unreachable(3, asked, router)]).seen[1]).toEqual({
      kind: 'unreachable',
      number: 2,
      at: expect.any(Number),
      source: '192.0.2.1',
      sourcePort: 0,
      destination: '10.244.1.7',
      destinationPort: 0,
      direction: null,
      interface: null,
      what: 'port',
      about,
    });
  });

  test.each([
    ['network', [0, 6, 11]],
    ['host', [1, 7, 12]],
    ['port', [3]],
    ['administratively-prohibited', [9, 10, 13]],
    ['other', [2, 4, 5, 8, 14, 200]],
  ])('of IPv4: %s', (what, codes) => {
    const { seen } = readPackets(codes.map((code) => unreachable(code, asked)));
    expect(seen.map((each) => each.kind === 'unreachable' && each.what)).toEqual(codes.map(() => what));
  });

  test.each([
    ['network', [0]],
    ['administratively-prohibited', [1, 5, 6]],
    ['host', [3]],
    ['port', [4]],
    ['other', [2, 7, 200]],
  ])('of IPv6: %s', (what, codes) => {
    const { seen } = readPackets(codes.map((code) => unreachable(code, askedV6, { source: v6.destination, destination: v6.source })));
    expect(seen).toMatchObject(
      codes.map(() => ({
        what,
        about: { ...about, source: '101:101:101:101:101:101:101:101', destination: '202:202:202:202:202:202:202:202' },
      })),
    );
  });

  test('may quote no more than the ports, and segments of TCP, whose id is not known', () => {
    const seen = (quoted: Uint8Array) => readPackets([unreachable(3, quoted)]).seen;
    expect(seen(asked.subarray(0, 28))).toMatchObject([{ about: { ...about, id: null } }]);
    expect(seen(asked.subarray(0, 30))).toMatchObject([{ about }]);
    expect(seen(segment(1, question()))).toMatchObject([{ about: { ...about, transport: 'tcp', id: null } }]);
    expect(seen(overUdp(question(), { source: server, destination: pod }))).toMatchObject([{ about: { source: '10.96.0.10' } }]);
  });

  test.each([
    ['of another kind', icmp(11, 0, asked)],
    ['an echo', icmp(8, 0, new Uint8Array(56))],
    ['about another port', icmp(3, 3, ipPacket({ source: pod, destination: server, protocol: 17, payload: udp(1, 2, question()) }))],
    ['about another protocol', icmp(3, 2, ipPacket({ source: pod, destination: server, protocol: 47, payload: question() }))],
    [
      'about a later fragment',
      icmp(
        3,
        3,
        ipPacket({
          source: pod,
          destination: server,
          protocol: 17,
          payload: udp(port, 53, question()),
          fragment: { id: 1, offset: 8, more: false },
        }),
      ),
    ],
    ['that quotes too little', icmp(3, 3, asked.subarray(0, 23))],
    ['that quotes nothing', icmp(3, 3, new Uint8Array(0))],
    ['that is cut off', Uint8Array.from([3, 3, 0])],
  ])('%s tells nothing', (_what, payload) => {
    const { seen, end } = readPackets([ipPacket({ source: server, destination: pod, protocol: 1, payload })]);
    expect([seen, end.skipped]).toEqual([[], { 'other ICMP': 1 }]);
  });
});
