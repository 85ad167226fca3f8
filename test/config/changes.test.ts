import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/read.ts';

const CLUSTERS = '{cluster-a: {}, prod-1: {environment: production}, prod-2: {environment: production, readOnly: true}}';
const withChanges = (changes: string, clusters = CLUSTERS): string =>
  `clusters: ${clusters}\npolicy: {team: T012ABCDEF, rules: [], changes: ${changes}}\n`;
const read = (changes: string) => readConfig('dns-medic.yaml', withChanges(changes)).policy?.changes;
const frozen = (freeze: string) => read(`[{freeze: [${freeze}]}]`)?.[0]?.freeze[0];

const complaint = (source: string): string => {
  try {
    return JSON.stringify(readConfig('dns-medic.yaml', source).policy);
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll('dns-medic.yaml: ', '').replaceAll('policy.', '') : String(error);
  }
};

describe('what the policy asks for changes', () => {
  test('need not be said', () => {
    expect(readConfig('dns-medic.yaml', 'policy: {team: T1, rules: []}').policy?.changes).toBeUndefined();
  });

  test('is as for any change where an entry says nothing', () => {
    expect(read('[{}]')).toEqual([
      { clusters: ['*'], environments: null, remedies: null, people: null, reason: null, typeName: null, by: null, freeze: [] },
    ]);
  });

  test('may be said in full', () => {
    const entry = `{clusters: ["prod-*"], environments: [production], remedies: [restart-coredns], people: 3, reason: false, typeName: true,
      by: {users: [U1, U2], groups: []}, freeze: [{from: 2026-12-20T00:00+01:00, to: 2027-01-02T00:00Z, says: Christmas}]}`;
    expect(read(`[${entry}]`)).toEqual([
      {
        clusters: ['prod-*'],
        environments: ['production'],
        remedies: ['restart-coredns'],
        people: 3,
        reason: false,
        typeName: true,
        by: { users: ['U1', 'U2'], groups: [] },
        freeze: [{ from: Date.UTC(2026, 11, 19, 23), to: Date.UTC(2027, 0, 2), says: 'Christmas' }],
      },
    ]);
  });

  test('lets changes rest weekly', () => {
    expect(frozen('{days: [fri, sun], from: 16:00, to: "08:00", zone: Europe/Berlin, says: Weekend}')).toEqual({
      days: [5, 0],
      fromMinute: 960,
      toMinute: 480,
      zone: 'Europe/Berlin',
      says: 'Weekend',
    });
    expect(frozen('{days: [sat], from: "00:00", to: "24:00", zone: UTC, says: Saturday}')).toMatchObject({ fromMinute: 0, toMinute: 1440 });
  });

  test.each([
    ['{}', 'changes: {}: expected a list of rules for changes'],
    ['[{clusters: [prod-3]}]', 'changes[0].clusters[0]: "prod-3": no cluster of this file has that name: did you mean "prod-1"?'],
    ['[{clusters: []}]', 'changes[0].clusters: []: expected a list of clusters such as ["prod-*"], or leave the key out for all'],
    ['[{environments: []}]', 'changes[0].environments: []: expected a list of environments such as [production], or leave the key out'],
    [
      '[{environments: [producton]}]',
      'changes[0].environments[0]: "producton": no cluster of this file has that environment: did you mean "production"? (known: production)',
    ],
    [
      '[{remedies: [restart-core]}]',
      'changes[0].remedies[0]: "restart-core": expected the id of a remedy: did you mean "restart-coredns"?',
    ],
    ['[{remedies: [7]}]', 'changes[0].remedies[0]: 7: expected the id of a remedy (known: enable-query-log, restart-coredns, '],
    ['[{people: 0}]', 'changes[0].people: 0: expected a number of people from 1 to 5'],
    ['[{people: 6}]', 'changes[0].people: 6: expected a number of people from 1 to 5'],
    ['[{people: 1.5}]', 'changes[0].people: 1.5: expected a number of people from 1 to 5'],
    ['[{people: two}]', 'changes[0].people: "two": expected a number of people from 1 to 5'],
    ['[{people: 3, by: {users: [U1, U1]}}]', 'changes[0].people: 3: more people are asked for than "by" names, and one who asks'],
    ['[{reason: "yes"}]', 'changes[0].reason: "yes": expected true or false'],
    ['[{by: {}}]', 'changes[0].by: {}: nobody could approve: expected users, groups or both, or leave the key out'],
    ['[{by: {users: [ada]}}]', 'changes[0].by.users[0]: "ada": expected the id of a user such as "U012ABCDEF"'],
    ['[{approvers: 2}]', 'changes[0].approvers: unknown key'],
    ['[{typename: true}]', 'changes[0].typename: unknown key: did you mean "typeName"?'],
    ['[{freeze: {}}]', 'changes[0].freeze: {}: expected a list such as [{from: 2026-12-20T00:00Z'],
  ])('is not %s', (changes, expected) => {
    expect(complaint(withChanges(changes))).toContain(expected);
  });

  test.each([
    ['{from: 2026-12-20, to: 2026-12-21T00:00Z, says: x}', 'from: "2026-12-20": expected a moment with its time zone such as'],
    ['{from: 2026-12-20T00:00, to: 2026-12-21T00:00Z, says: x}', 'from: "2026-12-20T00:00": expected a moment with its time zone'],
    ['{from: 2026-02-30T00:00Z, to: 2026-12-21T00:00Z, says: x}', 'from: "2026-02-30T00:00Z": expected a moment'],
    ['{from: 2026-12-20T25:00Z, to: 2026-12-21T00:00Z, says: x}', 'from: "2026-12-20T25:00Z": expected a moment'],
    ['{from: 2026-13-20T00:00Z, to: 2026-12-21T00:00Z, says: x}', 'from: "2026-13-20T00:00Z": expected a moment'],
    ['{from: 2026-12-21T00:00Z, to: 2026-12-21T00:00Z, says: x}', 'expected "from" before "to"'],
    ['{from: 2026-12-20T00:00Z, to: 2026-12-21T00:00Z}', 'says: nothing: expected why changes rest'],
    ['{from: 2026-12-20T00:00Z, to: 2026-12-21T00:00Z, says: " "}', 'says: " ": expected why changes rest'],
    ['{from: 2026-12-20T00:00Z, to: 2026-12-21T00:00Z, say: x}', 'say: unknown key: did you mean "says"? (allowed: from, to, says)'],
    ['{days: [friday], from: 16:00, to: 18:00, zone: UTC, says: x}', 'days[0]: "friday": expected sun, mon, tue, wed, thu, fri or sat'],
    ['{days: [], from: 16:00, to: 18:00, zone: UTC, says: x}', 'days: []: expected a list of days such as [fri, sat]'],
    ['{days: [fri], from: 4pm, to: 18:00, zone: UTC, says: x}', 'from: "4pm": expected a time of day such as "16:00"'],
    ['{days: [fri], from: 16:00, to: 24:30, zone: UTC, says: x}', 'to: "24:30": expected a time of day such as "16:00"'],
    ['{days: [fri], from: 24:00, to: 08:00, zone: UTC, says: x}', 'from: "24:00": expected a time of day such as "00:00"'],
    ['{days: [fri], from: 16:00, to: 16:00, zone: UTC, says: x}', 'to: "16:00": expected another time than "from"'],
    ['{days: [fri], from: 16:00, to: 18:00, zone: Mars/Base, says: x}', 'zone: "Mars/Base": expected a time zone such as Europe/Berlin'],
    ['{days: [fri], from: 16:00, to: 18:00, says: x}', 'zone: nothing: expected a time zone such as Europe/Berlin'],
    ['{zone: UTC, from: 2026-12-20T00:00Z, to: 18:00, says: x}', 'from: "2026-12-20T00:00Z": expected a time of day'],
    ['5', 'freeze[0]: 5: expected a map with from, to, says'],
  ])('has no freeze %s', (freeze, expected) => {
    expect(complaint(withChanges(`[{freeze: [${freeze}]}]`))).toContain(expected);
  });

  test.each([
    ['the same entry', '[{people: 1}, {people: 2}]'],
    ['a narrower one', '[{clusters: ["*"]}, {clusters: ["prod-*"], environments: [production]}]'],
    ['one for fewer remedies', '[{remedies: [restart-coredns, set-ndots]}, {remedies: [set-ndots]}]'],
  ])('has no entry that can never count: %s after one that fits as much', (_what, changes) => {
    expect(complaint(withChanges(changes))).toContain('changes[1]: ');
    expect(complaint(withChanges(changes))).toContain('never counts, for changes[0] fits all that it fits');
  });

  test.each([
    '[{clusters: ["prod-*"]}, {}]',
    '[{environments: [production]}, {}]',
    '[{clusters: [prod-1]}, {clusters: ["prod-*"]}]',
    '[{remedies: [set-ndots]}, {environments: [production]}]',
  ])('has the narrow entries first (%s)', (changes) => {
    expect(read(changes)).toHaveLength(2);
  });
});

describe('a cluster of the file', () => {
  test.each([
    ['{a: {environment: ""}}', 'clusters.a.environment: "": expected the name of an environment such as "production"'],
    ['{a: {environment: "Prod East"}}', 'clusters.a.environment: "Prod East": expected the name of an environment'],
    ['{a: {readOnly: yes please}}', 'clusters.a.readOnly: "yes please": expected true or false'],
    ['{a: {readonly: true}}', 'clusters.a.readonly: unknown key: did you mean "readOnly"?'],
  ])('is not %s', (clusters, expected) => {
    expect(complaint(withChanges('[]', clusters))).toContain(expected);
  });
});
