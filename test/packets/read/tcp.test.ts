import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { back, port, question, reply, segment, there } from './people.ts';
import { captureOf, readBytes, readPackets } from './read.ts';
import { joined } from './write/bytes.ts';
import { labels, withLength } from './write/dns.ts';
import { ipPacket, tcp, tcpFlags, type Route } from './write/ip.ts';

const none = new Uint8Array(0);
const { syn, ack, fin, reset, push } = tcpFlags;
const start = 1_000;
const open = segment(start - 1, none, { flags: syn });
const ask = (id: number): Uint8Array => withLength(question({ id }));
/** What a capture tells of messages: number of the packet, and id. */
const told = (packets: Uint8Array[]): [number, number][] =>
  readPackets(packets).seen.flatMap((seen): [number, number][] => (seen.kind === 'message' ? [[seen.number, seen.id]] : []));

describe('a TCP connection', () => {
  test('is opened, refused and ended by segments', () => {
    const packets = [
      open,
      segment(5_000, none, { flags: syn | ack }, back),
      segment(start, none, { flags: ack }),
      segment(start, none, { flags: fin | ack }),
      segment(5_001, none, { flags: reset }, back),
    ];
    const { seen, end } = readPackets(packets);
    const flags = seen.map((each) => [each.number, each.kind === 'segment' && each.flag, each.sourcePort]);
    expect(flags).toEqual([
      [1, 'syn', port],
      [2, 'syn-ack', 53],
      [4, 'fin', port],
      [5, 'reset', 53],
    ]);
    expect(end.skipped).toEqual({ 'TCP segments without data': 1 });
  });

  test('carries messages of both directions', () => {
    const { seen } = readPackets([open, segment(start, ask(7)), segment(9, withLength(reply({ rcode: 3, answers: 0 })), {}, back)]);
    expect(seen.slice(1)).toMatchObject([
      { kind: 'message', transport: 'tcp', id: 7, isAnswer: false, name: 'cart.shop', bytes: question().length, source: '10.244.1.7' },
      { kind: 'message', transport: 'tcp', id: 7, isAnswer: true, rcode: 3, source: '10.96.0.10', sourcePort: 53 },
    ]);
  });

  test('of any segments, late, repeated and overlapping, gives its messages in order', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }),
        sizes,
        fc.infiniteStream(fc.integer({ min: -6, max: 6 })),
        // sequence numbers wrap
        fc.constantFrom(1, 2 ** 31 - 100, 2 ** 32 - 200),
        fc.nat(30),
        (answers, lengths, jitter, first, overlap) => {
          const messages = answers.map((count, id) => withLength(reply({ id, answers: count })));
          const stream = joined(...messages);
          const parts: { from: number; to: number; rank: number }[] = [];
          for (let [from, turn] = [0, 0]; from < stream.length; turn++) {
            const to = Math.min(from + (lengths[turn % lengths.length] ?? 1), stream.length);
            parts.push({ from: Math.max(from - (turn % 3 === 0 ? overlap : 0), 0), to, rank: turn + jitter.next().value });
            from = to;
          }
          const sent = [...parts, ...parts.slice(0, 5)].toSorted((a, b) => a.rank - b.rank);
          const packets = sent.map(({ from, to }) => segment((first + 1 + from) % 2 ** 32, stream.subarray(from, to)));
          const { seen, end } = readPackets([segment(first, none, { flags: syn }), ...packets]);
          const ids = seen.flatMap((each) => (each.kind === 'message' ? [each.id] : []));
          expect(ids).toEqual(answers.map((_, id) => id));
          expect(seen.map(({ number }) => number)).toEqual(seen.map(({ number }) => number).toSorted((a, b) => a - b));
          expect(end.cut).toBeNull();
        },
      ),
    );
  });

  test('may send again more than it had sent', () => {
    const stream = joined(ask(1), ask(2));
    const late = [
      segment(start + 10, stream.subarray(10, 20)),
      segment(start + 10, stream.subarray(10)),
      segment(start + 10, stream.subarray(10, 30)),
    ];
    expect(told([open, ...late, segment(start, stream.subarray(0, 10))])).toEqual([
      [5, 1],
      [5, 2],
    ]);
  });

  test('gives a message to the packet that completes it', () => {
    const both = joined(ask(1), ask(2));
    const cut = ask(1).length + 10;
    expect(told([open, segment(start, both.subarray(0, cut)), segment(start + cut, both.subarray(cut))])).toEqual([
      [2, 1],
      [3, 2],
    ]);
    expect(told([open, segment(start + cut, both.subarray(cut)), segment(start, both.subarray(0, cut))])).toEqual([
      [3, 1],
      [3, 2],
    ]);
  });

  test('may send a length alone, and half a length', () => {
    expect(
      told([
        open,
        segment(start, ask(1).subarray(0, 1)),
        segment(start + 1, ask(1).subarray(1, 2)),
        segment(start + 2, ask(1).subarray(2)),
      ]),
    ).toEqual([[4, 1]]);
  });

  test('may carry data with SYN and FIN', () => {
    expect(told([segment(start - 1, ask(1), { flags: syn }), segment(start + ask(1).length, ask(2), { flags: fin | ack })])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('may have options', () => {
    expect(told([open, segment(start, ask(1), { options: new Uint8Array(12).fill(1) })])).toEqual([[2, 1]]);
  });

  test('of the same ports may be opened again', () => {
    const again = segment(900_000, none, { flags: syn });
    const half = segment(start, ask(1).subarray(0, 20));
    expect(told([open, half, again, segment(900_001, ask(2)), open, segment(start, ask(3))])).toEqual([
      [4, 2],
      [6, 3],
    ]);
  });

  test('is not begun anew by a SYN that is sent again', () => {
    expect(told([open, open, segment(start, ask(1)), open, segment(start + ask(1).length, ask(2))])).toEqual([
      [3, 1],
      [5, 2],
    ]);
  });

  test('forgets what the server said in the one before', () => {
    const answer = (seq: number): Uint8Array => segment(seq, withLength(reply()), {}, back);
    const again = segment(900_000, none, { flags: syn });
    expect(told([open, answer(50), again, answer(20)])).toEqual([
      [2, 7],
      [4, 7],
    ]);
  });
});

describe('a connection of which something is missing', () => {
  test('is joined where a message begins', () => {
    expect(told([segment(77, ask(1)), segment(77 + ask(1).length, ask(2))])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('is joined at the next message that begins a segment', () => {
    const tail = ask(1).subarray(20);
    const { seen, end } = readPackets([segment(77, tail), segment(77 + tail.length, ask(2))]);
    expect(seen).toMatchObject([{ kind: 'message', id: 2, number: 2 }]);
    expect(end.skipped).toEqual({ 'TCP data outside of whole messages': 1 });
  });

  test('does not take the rest of a message without its length for one', () => {
    for (const message of [question({ id: 300 }), reply({ id: 300 })])
      expect(told([segment(77, message), segment(77 + message.length, ask(2))])).toEqual([[2, 2]]);
  });

  test('goes on when the other side has got what was not captured', () => {
    const long = withLength(reply({ id: 1, answers: 50 }));
    const missing = [segment(start, long.subarray(0, 100)), segment(start + 200, long.subarray(200)), segment(start + long.length, ask(2))];
    expect(told([open, ...missing])).toEqual([
      [3, 1],
      [4, 2],
    ]);
    const acknowledged = segment(9, none, { flags: ack, ack: start + 300 }, back);
    // the message whose middle is missing is told by its beginning
    expect(told([open, ...missing.slice(0, 2), acknowledged, missing[2] as Uint8Array])).toEqual([
      [3, 1],
      [5, 2],
    ]);
    const early = segment(9, none, { flags: ack, ack: start + 150 }, back);
    expect(told([open, ...missing.slice(0, 2), early, segment(start + 100, long.subarray(100, 200))])).toEqual([[5, 1]]);
  });

  test('goes on after a reset, and at the end of the file', () => {
    const gap = [open, segment(start, ask(1)), segment(start + 500, ask(2))];
    const expected = [
      [2, 1],
      [3, 2],
    ];
    expect(told(gap)).toEqual(expected);
    expect(told([...gap, segment(5, none, { flags: reset }, back)])).toEqual(expected);
  });

  test('whose message ends in the gap is read on behind it', () => {
    const [first, second] = [withLength(reply({ id: 1, answers: 20 })), ask(2)];
    const stream = joined(first, second);
    const jump = (from: number, to: number): [number, number][] =>
      told([open, segment(start, stream.subarray(0, from)), segment(start + to, stream.subarray(to))]);
    expect(jump(100, first.length)).toEqual([
      [3, 1],
      [3, 2],
    ]);
    expect(jump(100, first.length + 5)).toEqual([[3, 1]]);
    expect(jump(20, first.length)).toEqual([[3, 2]]);
  });

  test('gives up a gap when too much waits behind it', () => {
    const packets = Array.from({ length: 80 }, (_, index) => segment(start + 10 + index * ask(1).length, ask(index)));
    const numbers = told([open, segment(start, none), ...packets]);
    expect(numbers).toHaveLength(80);
    const large = Array.from({ length: 4 }, (_, index) =>
      segment(start + 10 + index * 60_000, joined(ask(index), new Uint8Array(60_000 - ask(index).length))),
    );
    const { most } = readPackets([open, ...large]);
    expect(most.bytes).toBeLessThanOrEqual(400_000);
  });

  test('cut short by the snap length tells the question where it is there, and stays in step', () => {
    const long = withLength(reply({ id: 1, answers: 30 }));
    const packets = [
      open,
      segment(start, long),
      segment(start + long.length, ask(2)),
      segment(start + long.length + ask(2).length, ask(3)),
    ];
    const { seen } = readBytes(captureOf(packets, {}, 14 + 20 + 20 + 100));
    expect(seen.slice(1)).toMatchObject([
      { id: 1, name: 'cart.shop', number: 2, bytes: long.length - 2, answers: 30 },
      { id: 2, number: 3 },
      { id: 3, number: 4 },
    ]);
    const short = readBytes(captureOf(packets, {}, 14 + 20 + 20 + 16)).seen;
    expect(short.slice(1)).toEqual([]);
  });

  test('that is another one is joined anew', () => {
    expect(
      told([open, segment(start, ask(1)), segment(start + 2 ** 30, ask(2)), segment(start + 2 ** 30 + ask(2).length, ask(3))]),
    ).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
  });
});

describe('what is not DNS', () => {
  test('over TCP is said once', () => {
    const text = Uint8Array.from('\0\0GET / HTTP/1.1', (character) => character.charCodeAt(0));
    const { seen } = readPackets([open, segment(start, text), segment(start + text.length, text)]);
    expect(seen.slice(1)).toMatchObject([{ kind: 'unreadable', number: 2, why: 'over TCP, and no message of DNS' }]);
  });

  test('after half a length is said too, and what follows is read', () => {
    const { seen } = readPackets([
      open,
      segment(start, Uint8Array.from([0])),
      segment(start + 1, Uint8Array.from([5, 1, 2])),
      segment(start + 4, ask(1)),
    ]);
    expect(seen.slice(1)).toMatchObject([
      { kind: 'unreadable', number: 3 },
      { kind: 'message', number: 4 },
    ]);
  });

  test('a header shorter than 20 bytes', () => {
    const damaged = segment(start, ask(1));
    damaged[20 + 12] = 0x40;
    expect(readPackets([damaged]).seen).toMatchObject([{ kind: 'unreadable', why: 'a TCP header shorter than 20 bytes' }]);
    const halved = ipPacket({
      ...there,
      protocol: 6,
      payload: tcp({ sourcePort: 1, destinationPort: 53, seq: 1, flags: ack }).subarray(0, 19),
    });
    expect(readPackets([halved]).end.skipped).toEqual({ 'damaged headers': 1 });
  });

  test('of port 853 is encrypted, and of other ports nothing', () => {
    const of = (destinationPort: number): Uint8Array => segment(start, ask(1), { destinationPort, flags: push });
    const { seen, end } = readPackets([of(853), of(443)]);
    expect(seen).toMatchObject([{ kind: 'encrypted', transport: 'tcp', number: 1 }]);
    expect(end.skipped).toEqual({ 'other TCP': 1 });
  });
});

describe('connections', () => {
  const client = (index: number): Route => ({ ...there, source: Uint8Array.from([10, 9, index >> 8, index & 0xff]) });

  test('are remembered up to a bound: the one that was silent for longest gives way', () => {
    const halves = Array.from({ length: 6_000 }, (_, index) => segment(start, ask(1).subarray(0, 20), {}, client(index)));
    const { most, seen } = readPackets([
      ...halves,
      ...[0, 5_999].map((index) => segment(start + 20, ask(1).subarray(20), {}, client(index))),
    ]);
    expect(most.connections).toBe(4_096);
    expect(seen).toMatchObject([{ kind: 'message', source: '10.9.23.111' }]);
  });

  test('that speak stay', () => {
    const long = (index: number): Uint8Array => segment(start, ask(1).subarray(0, 20), {}, client(index));
    const kept = Array.from({ length: 9_000 }, (_, index) => (index % 1_000 === 0 ? [long(0), long(index)] : [long(index)])).flat();
    expect(told([...kept, segment(start + 20, ask(1).subarray(20), {}, client(0))])).toEqual([[kept.length + 1, 1]]);
  });

  test('that hold much memory give way too', () => {
    const part = joined([0xff, 0xff], question({ name: labels('x') }), new Uint8Array(60_000));
    const { most } = readPackets(Array.from({ length: 600 }, (_, index) => segment(start, part, {}, client(index))));
    expect(most.bytes).toBeLessThanOrEqual(16 * 1024 * 1024);
  });
});
