import { describe, expect, test } from '@jest/globals';
import type { CapturePointReport } from '../../src/domain/capture.ts';
import { guessRoles } from '../../src/packets/guess-roles.ts';
import { analyse, answer, client, clusterIp, type Packet, podA, podB, query, resolver } from './traffic.ts';

const report = (packets: readonly Packet[]): CapturePointReport => analyse(packets).report;
const names = { servers: [] };
const from = (address: string, to: string, id: number, took = 1): Packet[] => [
  query({ from: address, to, id, port: id, at: id * 100 }),
  answer({ from: address, to, id, port: id, at: id * 100 + took }),
];

const atClient = report([...from(client, clusterIp, 1), ...from(client, podA, 2)]);
const atServer = report([...from(client, podA, 1), ...from('10.244.9.9', podA, 2), ...from(podA, resolver, 3)]);
const onNode = report([...from(client, podA, 1), ...from('10.244.9.9', podB, 2)]);

describe('where captures were made', () => {
  test('is told by who has to do with each query', () => {
    expect(guessRoles([atServer, atClient, onNode], names)).toEqual([
      { role: 'server', addresses: [podA], known: 'guessed' },
      { role: 'client', addresses: [client], known: 'guessed' },
      { role: 'unknown', addresses: [], known: 'guessed' },
    ]);
  });

  test('is not guessed of one file, but may be told', () => {
    expect(guessRoles([atClient], names)).toEqual([{ role: 'unknown', addresses: [], known: 'guessed' }]);
    expect(guessRoles([atServer], { servers: [podA] })).toEqual([{ role: 'server', addresses: [podA], known: 'told' }]);
    expect(guessRoles([atClient], { client, servers: [] })).toEqual([{ role: 'client', addresses: [client], known: 'told' }]);
    expect(guessRoles([onNode], { client, servers: [podA] })).toEqual([{ role: 'unknown', addresses: [], known: 'guessed' }]);
  });

  test.each([
    ['what never arrived', report([...from(client, podA, 1), query({ to: podA, id: 7 })]), report(from(client, podA, 1))],
    ['how long answers take', report(from(client, podA, 1, 9)), report(from(client, podA, 1, 2))],
  ])('of two with one client and one server is told by %s', (_what, near, far) => {
    for (const named of [names, { client, servers: [podA] }]) {
      expect(guessRoles([near, far], named).map(({ role }) => role)).toEqual(['client', 'server']);
      expect(guessRoles([far, near], named).map(({ role, addresses }) => `${role} ${addresses.join()}`)).toEqual([
        `server ${podA}`,
        `client ${client}`,
      ]);
    }
  });

  test('beside a client’s is a server’s', () => {
    expect(guessRoles([atClient, report(from(client, podA, 2))], names).map(({ role }) => role)).toEqual(['client', 'server']);
  });

  test('is not guessed of three that are alike, or of one without queries', () => {
    const one = report(from(client, podA, 1));
    expect(guessRoles([one, one, one], names).map(({ role }) => role)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(guessRoles([report([]), report([])], names).map(({ role }) => role)).toEqual(['unknown', 'unknown']);
  });
});
