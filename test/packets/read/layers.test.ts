import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatIp } from '../../../src/rules/ip-address.ts';
import { overUdp, pod, question, reply, server, there } from './people.ts';
import { captureOf, readBytes, readPackets } from './read.ts';
import { joined, n16 } from './write/bytes.ts';
import { ipPacket, protocolNumbers, udp } from './write/ip.ts';
import { frame, linkTypes } from './write/link.ts';
import { pcapHeader, pcapRecord } from './write/pcap.ts';

const v4 = overUdp(question());
const podV6 = Uint8Array.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
const serverV6 = Uint8Array.from([0xfd, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
const inV6 = { source: podV6, destination: serverV6, protocol: protocolNumbers.udp, payload: udp(40_000, 53, question()) };
const v6 = ipPacket(inV6);

/** What is seen of these bytes as a packet of a link type. */
const readFrame = (linkType: number, bytes: Uint8Array) => {
  const model = { order: 'little', nano: false, linkType } as const;
  return readBytes(joined(pcapHeader(model), pcapRecord(model, 0n, bytes)));
};

describe('the link layer', () => {
  test.each([
    [linkTypes.null, 'loopback (NULL)', null, null],
    [linkTypes.ethernet, 'Ethernet', null, null],
    [12, 'raw IP', null, null],
    [14, 'raw IP', null, null],
    [linkTypes.raw, 'raw IP', null, null],
    [linkTypes.loop, 'loopback (LOOP)', null, null],
    [linkTypes.cooked1, 'Linux cooked v1', 'out', null],
    [linkTypes.cooked2, 'Linux cooked v2', 'out', 12],
  ])('of type %i carries IPv4 and IPv6: %s', (type, name, direction, index) => {
    const { seen, end } = readPackets([v4, v6], { type, direction: 'out', interface: 12 });
    const its = { kind: 'message', name: 'cart.shop', direction, interface: index };
    expect(seen).toMatchObject([
      { ...its, source: '10.244.1.7', destination: '10.96.0.10' },
      { ...its, source: 'fd00::7', destination: 'fd00:10::a' },
    ]);
    expect(end).toMatchObject({ linkTypes: [name], skipped: {} });
  });

  test('may carry one version only', () => {
    expect(readPackets([v4], { type: linkTypes.ipv4 }).seen).toHaveLength(1);
    expect(readPackets([v6], { type: linkTypes.ipv6 }).seen).toHaveLength(1);
  });

  test('says what came in, from whomever', () => {
    for (const type of [linkTypes.cooked1, linkTypes.cooked2])
      expect(readPackets([v4], { type, direction: 'in' }).seen).toMatchObject([{ direction: 'in' }]);
  });

  test('may have VLAN tags, of all kinds and stacked, but not without end', () => {
    for (const type of [linkTypes.ethernet, linkTypes.cooked1, linkTypes.cooked2]) {
      for (const tags of [[0x81_00], [0x88_a8, 0x81_00], [0x91_00, 0x81_00, 0x81_00]])
        expect(readPackets([v4, v6], { type, tags }).seen).toHaveLength(2);
      const { seen, end } = readPackets([v4], { type, tags: Array.from({ length: 9 }, () => 0x81_00) });
      expect([seen, end.skipped]).toEqual([[], { 'not IP': 1 }]);
    }
  });

  test('of other protocols tells nothing', () => {
    const arp = joined(new Uint8Array(12), [8, 6], new Uint8Array(28));
    expect(readFrame(linkTypes.ethernet, arp).end.skipped).toEqual({ 'not IP': 1 });
    expect(readFrame(linkTypes.null, joined([7, 0, 0, 0], v4)).end.skipped).toEqual({ 'not IP': 1 });
    expect(readFrame(127, v4).end).toMatchObject({ skipped: { 'unknown link types': 1 }, linkTypes: ['link type 127'] });
  });

  test.each(Object.entries(linkTypes).filter(([name]) => name !== 'ipv6'))('of type %s may be cut short anywhere', (_name, type) => {
    const whole = frame({ type, tags: type === linkTypes.ethernet ? [0x81_00] : [] }, v4);
    for (let length = 0; length < whole.length - question().length; length++) {
      const { seen, end } = readFrame(type, whole.subarray(0, length));
      expect(seen).toEqual([]);
      expect(end.skipped).toEqual({ 'cut short by the snap length': 1 });
    }
  });
});

describe('IP', () => {
  test('addresses are written as RFC 5952 has them', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.array(fc.constantFrom(0, 0, 0, 1, 0xff), { minLength: 16, maxLength: 16 }).map((list) => Uint8Array.from(list)),
    );
    const text = (address: Uint8Array): string =>
      formatIp({ version: 6, value: address.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) });
    const isMapped = (address: Uint8Array): boolean => text(address).startsWith('::ffff:');
    const address = bytes.filter((each) => !isMapped(each));
    fc.assert(
      fc.property(address, address, (source, destination) => {
        const { seen } = readPackets([ipPacket({ ...inV6, source, destination })], { type: linkTypes.raw });
        expect(seen).toMatchObject([{ source: text(source), destination: text(destination) }]);
      }),
    );
    const mapped = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1]);
    expect(readPackets([ipPacket({ ...inV6, source: mapped })]).seen[0]?.source).toBe('::ffff:10.0.0.1');
  });

  test('more addresses than are remembered are all told', () => {
    const sources = Array.from({ length: 9_000 }, (_, index) => Uint8Array.from([10, 1, index >> 8, index & 0xff]));
    const packets = [...sources, ...sources].map((source) =>
      ipPacket({ ...there, source, protocol: 17, payload: udp(1_025, 53, question()) }),
    );
    expect(readPackets(packets).seen.map(({ source }) => source)).toEqual([...sources, ...sources].map((source) => source.join('.')));
  });

  test('may have options', () => {
    const payload = udp(40_000, 53, question());
    expect(readPackets([ipPacket({ ...there, protocol: 17, payload, options: new Uint8Array(40).fill(1) })]).seen).toHaveLength(1);
  });

  test('ends before the padding of its frame', () => {
    const [seen] = readPackets([overUdp(question({ name: [] }))], { least: 200 }).seen;
    expect(seen).toMatchObject({ name: '.', bytes: 17 });
  });

  test('may leave its length to the network card', () => {
    const [withoutV4, withoutV6] = [v4.slice(), v6.slice()];
    withoutV4.set([0, 0], 2);
    withoutV6.set([0, 0], 4);
    expect(readPackets([withoutV4, withoutV6], { type: linkTypes.raw }).seen).toMatchObject([{ name: 'cart.shop' }, { name: 'cart.shop' }]);
  });

  test('may have extension headers, but not without end', () => {
    const headers = [0, 60, 43, 60].map((type, index) => ({ type, bytes: new Uint8Array(8 * (index + 1)) }));
    expect(readPackets([ipPacket({ ...inV6, extensions: headers })]).seen).toMatchObject([{ name: 'cart.shop', source: 'fd00::7' }]);
    const endless = Array.from({ length: 9 }, () => ({ type: 60, bytes: new Uint8Array(8) }));
    expect(readPackets([ipPacket({ ...inV6, extensions: endless })]).end.skipped).toEqual({ 'damaged headers': 1 });
  });

  test('may be authenticated', () => {
    const header = joined([17, 1], new Uint8Array(10));
    expect(readPackets([ipPacket({ ...inV6, protocol: 51, payload: joined(header, inV6.payload) })]).seen).toHaveLength(1);
  });

  test('may be a fragment that is the whole', () => {
    expect(readPackets([ipPacket({ ...inV6, fragment: { id: 5, offset: 0, more: false } })]).seen).toHaveLength(1);
  });

  test('with headers that cannot be tells nothing', () => {
    const [version, header, total] = [v4.slice(), v4.slice(), v4.slice()];
    version[0] = 0x55;
    header[0] = 0x41;
    total.set(n16(19), 2);
    const extension = ipPacket({ ...inV6, protocol: 60, payload: Uint8Array.from([17, 200, 0, 0, 0, 0, 0, 0]) });
    expect(readPackets([version, header, total, extension]).end.skipped).toEqual({ 'damaged headers': 4 });
  });

  test('may carry something else', () => {
    const packets = [47, protocolNumbers.icmpv6].map((protocol) => ipPacket({ ...there, protocol, payload: new Uint8Array(40) }));
    expect(readPackets(packets).end.skipped).toEqual({ 'other IP protocols': 2 });
  });
});

describe('UDP', () => {
  const ofPorts = (source: number, destination: number, payload = question()): Uint8Array =>
    ipPacket({ ...there, protocol: 17, payload: udp(source, destination, payload) });

  test('is DNS on port 53 of either side, or on those that are asked for', () => {
    const file = captureOf([ofPorts(53, 1_000), ofPorts(1_000, 53), ofPorts(1_000, 5_353), ofPorts(8_053, 9)]);
    const ports = (asked?: number[]) =>
      readBytes(file, [], asked ? { ports: asked } : {}).seen.map(({ sourcePort, destinationPort }) => [sourcePort, destinationPort]);
    expect(ports()).toEqual([
      [53, 1_000],
      [1_000, 53],
    ]);
    expect(ports([53, 8_053, 5_353])).toHaveLength(4);
    expect(readBytes(file).end.skipped).toEqual({ 'other UDP': 2 });
  });

  test('of port 853 is encrypted', () => {
    expect(readPackets([ofPorts(1_000, 853), ofPorts(853, 1_000)]).seen).toMatchObject([
      { kind: 'encrypted', transport: 'udp', destinationPort: 853 },
      { kind: 'encrypted', transport: 'udp', sourcePort: 853 },
    ]);
  });

  test('that holds no header of DNS is not to be read, and says why', () => {
    const { seen } = readPackets([ofPorts(1_000, 53, new Uint8Array(11)), ofPorts(1_000, 53, new Uint8Array(0))]);
    expect(seen).toMatchObject([
      { kind: 'unreadable', why: '11 bytes: too short for a DNS header', sourcePort: 1_000 },
      { kind: 'unreadable', why: '0 bytes: too short for a DNS header' },
    ]);
  });

  test('whose length is less than its header is not to be read', () => {
    const payload = udp(1_000, 53, question());
    payload.set(n16(3), 4);
    expect(readPackets([ipPacket({ ...there, protocol: 17, payload })]).seen).toMatchObject([{ kind: 'unreadable' }]);
  });

  test('cut short by the snap length still tells the header, and the question where it is there', () => {
    const message = reply({ answers: 3 });
    const headers = 14 + 20 + 8;
    const whole = readPackets([overUdp(message)]).seen;
    for (let length = 12; length < message.length; length++) {
      const [seen] = readBytes(captureOf([overUdp(message)], {}, headers + length)).seen;
      const isThere = length >= question().length;
      expect(seen).toEqual(isThere ? whole[0] : { ...whole[0], name: null, type: null });
    }
    expect(readBytes(captureOf([overUdp(message)], {}, headers + 5)).seen).toMatchObject([
      { kind: 'unreadable', why: 'cut short by the snap length before the end of the DNS header' },
    ]);
  });

  test('tells who asked whom', () => {
    expect(readPackets([overUdp(question(), { source: server, destination: pod })]).seen).toMatchObject([
      { source: '10.96.0.10', destination: '10.244.1.7' },
    ]);
  });
});
