import { describe, expect, test } from '@jest/globals';
import { decode, type DecodedPacket } from 'dns-packet';
import { toString } from 'dns-packet/types.js';
import fc from 'fast-check';
import { nameLength, nameText } from '../../../src/packets/read/dns-name.ts';
import { typeName } from '../../../src/packets/read/dns-type.ts';
import type { SeenMessage } from '../../../src/packets/seen.ts';
import { overUdp, question, reply } from './people.ts';
import { readPackets } from './read.ts';
import { dnsMessage, labels, wireName, type MessageModel } from './write/dns.ts';

const read = (message: Uint8Array): SeenMessage => {
  const [seen] = readPackets([overUdp(message)]).seen;
  if (seen?.kind !== 'message') throw new Error(`seen was ${seen?.kind}`);
  return seen;
};

/** What another reader says of a message: dns-packet. */
const oracle = (message: Uint8Array): DecodedPacket & { rcode: string } =>
  decode(Buffer.from(message)) as DecodedPacket & { rcode: string };

const label = fc.uint8Array({ minLength: 1, maxLength: 63 });
const plainLabel = fc.stringMatching(/^[a-z0-9_-]{1,20}$/).map((text) => labels(text)[0] as Uint8Array);
const name = fc.array(fc.oneof(plainLabel, plainLabel, label), { maxLength: 8 }).filter((list) => wireName(list).length <= 255);

const model: fc.Arbitrary<MessageModel> = fc.record({
  id: fc.nat(65_535),
  isAnswer: fc.boolean(),
  opcode: fc.nat(15),
  rcode: fc.nat(15),
  truncated: fc.boolean(),
  authoritative: fc.boolean(),
  recursionDesired: fc.boolean(),
  recursionAvailable: fc.boolean(),
  name: fc.array(plainLabel, { maxLength: 6 }),
  type: fc.constantFrom(1, 28, 5, 6, 12, 15, 16, 33, 65_280),
  answers: fc.nat(4),
});

describe('a message', () => {
  test('is read as it was written, and as dns-packet reads it', () => {
    fc.assert(
      fc.property(model, (written) => {
        const message = dnsMessage(written);
        const seen = read(message);
        const { name: asked, type, ...rest } = written;
        expect(seen).toMatchObject({ ...rest, bytes: message.length, transport: 'udp' });
        const other = oracle(message);
        expect(seen.id).toBe(other.id);
        expect(seen.isAnswer).toBe(other.type === 'response');
        expect([seen.truncated, seen.authoritative]).toEqual([other.flag_tc, other.flag_aa]);
        expect([seen.recursionDesired, seen.recursionAvailable]).toEqual([other.flag_rd, other.flag_ra]);
        expect(seen.answers).toBe(other.answers?.length);
        expect(seen.name).toBe(other.questions?.[0]?.name);
        expect(seen.type).toBe(String(other.questions?.[0]?.type).replace('UNKNOWN_', 'TYPE'));
        expect(asked?.length === 0 ? '.' : asked?.map((part) => Buffer.from(part).toString()).join('.')).toBe(seen.name);
        expect(type).toBeDefined();
      }),
    );
  });

  test('may have no question', () => {
    expect(read(dnsMessage({ id: 1, name: null, isAnswer: true, rcode: 1 }))).toMatchObject({
      name: null,
      type: null,
      rcode: 1,
      bytes: 12,
    });
  });

  test('tells the first question of several', () => {
    const message = question();
    message[5] = 2;
    expect(read(Uint8Array.from([...message, ...wireName(labels('other')), 0, 28, 0, 1]))).toMatchObject({ name: 'cart.shop', type: 'A' });
  });
});

describe('a name', () => {
  /** As the type's comment says it, from its bytes. */
  const expected = (list: readonly Uint8Array[]): string =>
    list.length === 0
      ? '.'
      : list
          .map((part) =>
            [...part]
              .map((byte) =>
                /[a-z0-9*_-]/i.test(String.fromCharCode(byte))
                  ? String.fromCharCode(byte).toLowerCase()
                  : `\\${String(byte).padStart(3, '0')}`,
              )
              .join(''),
          )
          .join('.');

  test('is lower case and printable, whatever its bytes are, and differs where they do', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        for (const list of [one, other, one]) {
          const wire = wireName(list);
          expect(nameLength(wire, 0, wire.length)).toBe(wire.length);
          const text = nameText(wire, 0, wire.length);
          expect(text).toBe(expected(list));
          expect(text).toMatch(/^[\x21-\x7e]+$/);
        }
      }),
    );
  });

  test.each([
    ['upper case', [Uint8Array.from([87, 119, 87])], 'www'],
    ['a dot in a label', [Uint8Array.from([97, 46, 98]), Uint8Array.from([99])], String.raw`a\046b.c`],
    ['a line break and an escape', [Uint8Array.from([10, 27, 91])], String.raw`\010\027\091`],
    ['a backslash', [Uint8Array.from([92])], String.raw`\092`],
    ['bytes of UTF-8', [Uint8Array.from([0xc3, 0xa4])], String.raw`\195\164`],
    ['labels of the longest', [1, 2, 3].map(() => new Uint8Array(63).fill(97)), Array.from({ length: 3 }, () => 'a'.repeat(63)).join('.')],
  ])('with %s', (_what, list, text) => {
    expect(read(question({ name: list })).name).toBe(text);
  });

  test.each([
    ['a pointer to itself', [0xc0, 12]],
    ['a pointer to the header', [0xc0, 0]],
    ['a pointer behind it', [0xc0, 40]],
    ['a label and a pointer', [1, 97, 0xc0, 12]],
    ['a label of an unknown kind', [0x41, 97, 0]],
    ['a label longer than the message', [63, 97, 0]],
    ['no end', [1, 97, 1, 98]],
    ['more than 255 bytes', [...Array.from({ length: 128 }, () => [1, 97]).flat(), 0]],
    ['nothing behind it', [1, 97, 0, 0, 1, 0]],
  ])('that has %s is none', (_what, bytes) => {
    const header = question().subarray(0, 12);
    const isWithout = bytes.at(-1) === 0 && bytes.length === 6;
    expect(read(Uint8Array.from([...header, ...bytes, ...(isWithout ? [] : [0, 1, 0, 1])]))).toMatchObject({
      name: null,
      type: null,
      id: 7,
    });
  });

  test('of 255 bytes is the longest', () => {
    const longest = Array.from({ length: 127 }, () => Uint8Array.from([97]));
    expect(wireName(longest)).toHaveLength(255);
    expect(read(question({ name: longest })).name).toHaveLength(253);
  });

  test('more names than are remembered are all told, again and again', () => {
    const all = Array.from({ length: 9_000 }, (_, index) => `n${index}.shop`);
    const messages = [...all, ...all].map((text) => overUdp(reply({ name: labels(text) })));
    expect(readPackets(messages).seen.map((seen) => seen.kind === 'message' && seen.name)).toEqual([...all, ...all]);
  });
});

test('types have the names that dns-packet has for them, and those that are asked for often besides', () => {
  const known = Array.from({ length: 65_536 }, (_, type) => type).filter((type) => !toString(type).startsWith('UNKNOWN'));
  expect(known.map((type) => typeName(type))).toEqual(known.map((type) => toString(type)));
  expect([64, 65, 256, 0, 54, 65_280].map((type) => typeName(type))).toEqual(['SVCB', 'HTTPS', 'URI', 'TYPE0', 'TYPE54', 'TYPE65280']);
});
