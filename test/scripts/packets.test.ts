import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kinds, writeCapture, type KindName } from '../../scripts/packets/make.ts';
import { ExactTally, Tally, type Row } from '../../scripts/packets/tally.ts';
import { readBytes } from '../packets/read/read.ts';

const query: Row = {
  number: 1,
  isAnswer: false,
  rcode: 0,
  id: 7,
  source: 'client',
  sourcePort: 1_000,
  destination: 'server',
  destinationPort: 53,
  name: 'cart.shop',
  type: 'A',
};
const turned = { source: 'server', sourcePort: 53, destination: 'client', destinationPort: 1_000 };
const answer: Row = { ...query, ...turned, number: 2, isAnswer: true };

describe('a tally', () => {
  const of = (...rows: Row[]): Record<string, number> => {
    const tally = new Tally();
    for (const row of rows) tally.add(row);
    return tally.result();
  };

  test('counts queries, answers and rcodes', () => {
    expect(of(query, answer, { ...answer, rcode: 3 }, { ...answer, rcode: 11 })).toEqual({
      queries: 1,
      answers: 3,
      NOERROR: 1,
      NXDOMAIN: 1,
      'rcode 11': 1,
      unanswered: 0,
    });
  });

  test('counts a query that is asked again once, and one that is asked after its answer again', () => {
    expect(of(query, query).unanswered).toBe(1);
    expect(of(query, query, answer).unanswered).toBe(0);
    expect(of(query, answer, query).unanswered).toBe(1);
    expect(of(answer, query).unanswered).toBe(1);
  });

  test.each<Partial<Row>>([
    { source: 'another' },
    { sourcePort: 53_000 },
    { destination: 'another' },
    { destinationPort: 1 },
    { id: 8 },
    { name: null },
    { type: 'AAAA' },
  ])('does not take the answer to a query for that to another: %o', (other) => {
    const to = { ...answer };
    if (other.source !== undefined) to.destination = other.source;
    else if (other.sourcePort !== undefined) to.destinationPort = other.sourcePort;
    else if (other.destination !== undefined) to.source = other.destination;
    else if (other.destinationPort !== undefined) to.sourcePort = other.destinationPort;
    else Object.assign(to, other);
    expect(of(query, { ...query, ...other }, to).unanswered).toBe(1);
    expect(of(query, to).unanswered).toBe(1);
  });

  test('of each message has the same sum in any order, and another where one differs', () => {
    const sum = (...rows: Row[]): number | undefined => {
      const tally = new ExactTally();
      for (const row of rows) tally.add(row);
      return tally.result()['sum over each message'];
    };
    expect(sum(query, answer)).toBe(sum(answer, query));
    for (const other of [{ number: 3 }, { rcode: 2 }, { name: 'cart' }, { type: null }, { sourcePort: 54 }])
      expect(sum(query, { ...answer, ...other })).not.toBe(sum(query, answer));
  });
});

describe('captures that are made', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dns-medic-made-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(Object.keys(kinds) as KindName[])('%s: are whole, of so many packets, and the same each time', async (name) => {
    const files = [join(folder, `${name}-1`), join(folder, `${name}-2`)] as const;
    for (const file of files) await writeCapture(file, name, 1_500);
    const bytes = await readFile(files[0]);
    expect(bytes.equals(await readFile(files[1]))).toBe(true);
    const { seen, end } = readBytes(bytes);
    expect(end).toMatchObject({ packets: 1_500, cut: null, bytes: (await stat(files[0])).size });
    expect(seen.filter(({ kind }) => kind === 'message').length).toBeGreaterThan(300);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((a, b) => a - b));
  });
});
