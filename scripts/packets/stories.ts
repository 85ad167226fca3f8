import { seeded } from '../../src/lab/slack/world/random.ts';
import { dnsMessage, labels, withLength } from '../../test/packets/read/write/dns.ts';
import { fragments, icmp, ipPacket, protocolNumbers, tcp, tcpFlags, udp } from '../../test/packets/read/write/ip.ts';

/** A packet of a story: `at` in microseconds since the story began. */
export interface Timed {
  at: number;
  packet: Uint8Array;
  direction: 'in' | 'out';
}

/** Who talks: addresses of one family, and ports. */
interface Talk {
  client: Uint8Array;
  server: Uint8Array;
  port: number;
}

interface Asked {
  id: number;
  name: string;
  type: number;
}

type Story = (stage: Stage) => Timed[];

/** Numbers by chance, the same for the same seed, and what stories are made of. */
export class Stage {
  readonly random: () => number;
  readonly #isV6: boolean;

  constructor(seed: number, isV6: boolean) {
    this.random = seeded(seed);
    this.#isV6 = isV6;
  }

  below(bound: number): number {
    return Math.floor(this.random() * bound);
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** One of some 200 pods, and one of two CoreDNS pods or the ClusterIP. */
  talk(): Talk {
    const [pod, server] = [this.below(200), this.below(3)];
    const [client, resolver] = this.#isV6
      ? [podV6(pod), Uint8Array.from([0xfd, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10 + server])]
      : [Uint8Array.from([10, 244, 1 + (pod % 4), 2 + pod]), Uint8Array.from(server === 0 ? [10, 96, 0, 10] : [10, 244, 9, 1 + server])];
    return { client, server: resolver, port: 32_768 + this.below(28_000) };
  }

  asked(name: string, type: number): Asked {
    return { id: this.below(65_536), name, type };
  }
}

const podV6 = (pod: number): Uint8Array => Uint8Array.from([0xfd, 0, 0, 0, 0, 0, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 1 + pod]);

const services = ['cart', 'orders', 'users', 'payments', 'search', 'mail', 'stock', 'prices'].flatMap((name) =>
  ['shop', 'billing', 'web'].map((namespace) => `${name}.${namespace}`),
);
const outside = ['www.example.com', 'api.example.org', 'sqs.eu-central-1.amazonaws.example', 'registry.example.net', 'example.com'];
const search = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'eu-central-1.compute.internal'];
const [A, AAAA, SRV] = [1, 28, 33];
const [NOERROR, SERVFAIL, NXDOMAIN, REFUSED] = [0, 2, 3, 5];

const query = ({ id, name, type }: Asked): Uint8Array => dnsMessage({ id, name: labels(name), type, recursionDesired: true });
const answer = ({ id, name, type }: Asked, rcode: number, answers: number, truncated = false): Uint8Array =>
  dnsMessage({ id, name: labels(name), type, isAnswer: true, rcode, answers, truncated, recursionDesired: true, recursionAvailable: true });

const toServer = ({ client, server, port }: Talk, at: number, message: Uint8Array): Timed => {
  const route = { source: client, destination: server };
  return { at, direction: 'in', packet: ipPacket({ ...route, protocol: protocolNumbers.udp, payload: udp(port, 53, message) }) };
};
const toClient = ({ client, server, port }: Talk, at: number, message: Uint8Array): Timed => {
  const route = { source: server, destination: client };
  return { at, direction: 'out', packet: ipPacket({ ...route, protocol: protocolNumbers.udp, payload: udp(53, port, message) }) };
};

/** How long an answer takes: mostly from the cache, sometimes from outside. */
const delay = (stage: Stage): number => (stage.random() < 0.8 ? 150 + stage.below(900) : 3_000 + stage.below(60_000));

/** A and AAAA from one socket, as C libraries ask. */
function pair(stage: Stage, talk: Talk, name: string, at: number, rcode: number): Timed[] {
  const [first, second] = [stage.asked(name, A), stage.asked(name, AAAA)];
  const ok = rcode === NOERROR ? 1 : 0;
  return [
    toServer(talk, at, query(first)),
    toServer(talk, at + 30, query(second)),
    toClient(talk, at + 30 + delay(stage), answer(first, rcode, ok)),
    toClient(talk, at + 40 + delay(stage), answer(second, rcode, 0)),
  ];
}

const lookup: Story = (stage) => {
  const asked = stage.asked(`${stage.one(services)}.svc.cluster.local`, stage.one([A, A, AAAA, SRV]));
  const rcode = stage.one([NOERROR, NOERROR, NOERROR, NOERROR, NXDOMAIN, SERVFAIL, REFUSED]);
  const talk = stage.talk();
  return [toServer(talk, 0, query(asked)), toClient(talk, delay(stage), answer(asked, rcode, rcode === NOERROR ? 1 + stage.below(4) : 0))];
};

/** A name of the outside with ndots:5: every entry of the search path first. */
const searchPath: Story = (stage) => {
  const [talk, name] = [stage.talk(), stage.one(outside)];
  const tries = [...search.map((suffix) => `${name}.${suffix}`), name];
  return tries.flatMap((full, index) => pair(stage, talk, full, index * 70_000, index === search.length ? NOERROR : NXDOMAIN));
};

/** Asked again after five seconds, as glibc does, and answered never, or at last. */
const lost: Story = (stage) => {
  const [talk, asked] = [stage.talk(), stage.asked(`${stage.one(services)}.svc.cluster.local`, A)];
  const tries = [toServer(talk, 0, query(asked)), toServer(talk, 5_000_000, query(asked))];
  return stage.random() < 0.5 ? tries : [...tries, toClient(talk, 5_000_000 + delay(stage), answer(asked, NOERROR, 1))];
};

const unreachable: Story = (stage) => {
  const talk = stage.talk();
  const sent = toServer(talk, 0, query(stage.asked(stage.one(outside), A)));
  const isV6 = talk.client.length === 16;
  const payload = isV6 ? icmp(1, 4, sent.packet) : icmp(3, 3, sent.packet);
  const protocol = isV6 ? protocolNumbers.icmpv6 : protocolNumbers.icmp;
  return [sent, { at: 90, direction: 'out', packet: ipPacket({ source: talk.server, destination: talk.client, protocol, payload }) }];
};

/** Segments of one connection: who speaks, and with which numbers. */
class Connection {
  readonly sent: Timed[] = [];
  readonly #talk: Talk;
  readonly #next: { in: number; out: number };
  #at = 0;

  constructor(stage: Stage, talk: Talk) {
    this.#talk = talk;
    this.#next = { in: stage.below(2 ** 32), out: stage.below(2 ** 32) };
  }

  send(direction: 'in' | 'out', flags: number, payload: Uint8Array = new Uint8Array(0), wait = 200): void {
    const { client, server, port } = this.#talk;
    const [route, ports] =
      direction === 'in'
        ? [
            { source: client, destination: server },
            { sourcePort: port, destinationPort: 53 },
          ]
        : [
            { source: server, destination: client },
            { sourcePort: 53, destinationPort: port },
          ];
    const ack = flags & tcpFlags.ack ? this.#next[direction === 'in' ? 'out' : 'in'] : 0;
    const segment = tcp({ ...ports, seq: this.#next[direction], ack, flags, payload });
    this.sent.push({ at: this.#at, direction, packet: ipPacket({ ...route, protocol: protocolNumbers.tcp, payload: segment }) });
    this.#at += wait;
    const length = payload.length + (flags & (tcpFlags.syn | tcpFlags.fin) ? 1 : 0);
    this.#next[direction] = (this.#next[direction] + length) % 2 ** 32;
  }

  open(): void {
    this.send('in', tcpFlags.syn);
    this.send('out', tcpFlags.syn | tcpFlags.ack);
    this.send('in', tcpFlags.ack);
  }

  close(): void {
    this.send('in', tcpFlags.fin | tcpFlags.ack);
    this.send('out', tcpFlags.fin | tcpFlags.ack);
    this.send('in', tcpFlags.ack);
  }

  /** Lets the segment that was sent last come again, or before the one before it. */
  disturb(how: 'again' | 'early'): void {
    const [before, last] = this.sent.slice(-2);
    if (before === undefined || last === undefined) return;
    if (how === 'again') this.sent.push({ ...last, at: (this.#at += 200) });
    else [before.at, last.at] = [last.at, before.at];
  }
}

const push = tcpFlags.push | tcpFlags.ack;

/** Several queries over one connection, whose answers come in pieces. */
const overTcp: Story = (stage) => {
  const connection = new Connection(stage, stage.talk());
  connection.open();
  for (let count = 1 + stage.below(3); count > 0; count--) {
    const asked = stage.asked(`big.${stage.one(services)}.svc.cluster.local`, stage.one([A, AAAA]));
    const reply = withLength(answer(asked, NOERROR, 60 + stage.below(100)));
    connection.send('in', push, withLength(query(asked)), delay(stage));
    connection.send('out', tcpFlags.ack, reply.subarray(0, 700), 20);
    connection.send('out', push, reply.subarray(700), 400);
    if (stage.random() < 0.2) connection.disturb(stage.one(['again', 'early'] as const));
    connection.send('in', tcpFlags.ack);
  }
  connection.close();
  return connection.sent;
};

/** Two queries in one segment, their length in one of its own. */
const pipelined: Story = (stage) => {
  const [talk, names] = [stage.talk(), [stage.one(services), stage.one(outside)]];
  const connection = new Connection(stage, talk);
  const asked = names.map((name) => stage.asked(name, A));
  const queries = asked.map((each) => withLength(query(each)));
  connection.open();
  connection.send('in', push, (queries[0] as Uint8Array).subarray(0, 2));
  connection.send('in', push, Uint8Array.from([...(queries[0] as Uint8Array).subarray(2), ...(queries[1] as Uint8Array)]));
  connection.send('out', push, Uint8Array.from(asked.flatMap((each) => [...withLength(answer(each, NXDOMAIN, 0))])));
  connection.close();
  return connection.sent;
};

const refused: Story = (stage) => {
  const connection = new Connection(stage, stage.talk());
  connection.send('in', tcpFlags.syn);
  connection.send('out', tcpFlags.reset | tcpFlags.ack);
  return connection.sent;
};

/** An answer that is cut, and is asked for again over TCP. */
const truncated: Story = (stage) => {
  const [talk, asked] = [stage.talk(), stage.asked('many.shop.svc.cluster.local', A)];
  const overUdp = [toServer(talk, 0, query(asked)), toClient(talk, delay(stage), answer(asked, NOERROR, 0, true))];
  return [...overUdp, ...overTcp(stage).map((timed) => ({ ...timed, at: timed.at + 80_000 }))];
};

/** An answer larger than a frame, in fragments, the last two of which may change places. */
const fragmented: Story = (stage) => {
  const [talk, asked] = [stage.talk(), stage.asked('many.shop.svc.cluster.local', A)];
  const payload = udp(53, talk.port, answer(asked, NOERROR, 150 + stage.below(80)));
  const pieces = fragments(
    { source: talk.server, destination: talk.client, protocol: protocolNumbers.udp, payload },
    stage.below(65_536),
    1_448,
  );
  const order = stage.random() < 0.3 ? pieces.toReversed() : pieces;
  return [toServer(talk, 0, query(asked)), ...order.map((packet, index) => ({ at: 900 + 15 * index, direction: 'out' as const, packet }))];
};

/** What else a node sends: of no interest. */
const other: Story = (stage) => {
  const { client, server, port } = stage.talk();
  const payload = new Uint8Array(40 + stage.below(1_300)).fill(stage.below(256));
  const isTcp = stage.random() < 0.8;
  const carried = isTcp
    ? tcp({ sourcePort: port, destinationPort: 443, seq: stage.below(2 ** 32), flags: push, payload })
    : udp(port, 8_472, payload);
  const protocol = isTcp ? protocolNumbers.tcp : protocolNumbers.udp;
  return [{ at: 0, direction: 'in', packet: ipPacket({ source: client, destination: server, protocol, payload: carried }) }];
};

/** What may happen, each with its share. */
export const stories = { lookup, searchPath, lost, unreachable, overTcp, pipelined, refused, truncated, fragmented, other };
