import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/read.ts';

const file = (policy: string, clusters = '{cluster-a: {}, prod-1: {}}'): string => `clusters: ${clusters}\npolicy: ${policy}\n`;
const withRule = (rule: string): string => file(`{team: T012ABCDEF, rules: [${rule}]}`);
const read = (source: string) => readConfig('dns-medic.yaml', source).policy;

const complaint = (source: string): string => {
  try {
    return JSON.stringify(read(source));
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll('dns-medic.yaml: policy', '') : String(error);
  }
};

describe('the policy of a dns-medic.yaml', () => {
  test('need not be there', () => {
    expect(read('clusters: {}')).toBeUndefined();
  });

  test('may give nobody anything', () => {
    expect(read(file('{team: T012ABCDEF, rules: []}'))).toEqual({ team: 'T012ABCDEF', rules: [] });
  });

  test('lets people check, ask the doctor and read, where a rule says no more', () => {
    expect(read(withRule('{clusters: [cluster-a], users: [U1, W2], channels: [any]}'))?.rules).toEqual([
      { clusters: ['cluster-a'], users: ['U1', 'W2'], groups: [], channels: ['any'], may: ['check', 'doctor', 'read'] },
    ]);
  });

  test('may say everything', () => {
    const rule = { clusters: ['*', 'prod-*'], users: ['U1'], groups: ['S1'], channels: ['C1', 'G1', 'D1'], may: ['cancel'] };
    expect(read(withRule(JSON.stringify(rule)))?.rules).toEqual([rule]);
    expect(read(file('{team: E012ABCDEF, rules: []}'))?.team).toBe('E012ABCDEF');
  });

  test.each([
    ['{rules: []}', '.team: nothing: expected the id of your workspace'],
    ['{team: acme, rules: []}', '.team: "acme": expected the id of your workspace such as "T012ABCDEF"'],
    ['{team: T1}', '.rules: nothing: expected a list of rules'],
    ['{team: T1, rules: [], rule: []}', '.rule: unknown key: did you mean "rules"? (allowed: team, rules, changes)'],
    ['[]', ': []: expected a map with team, rules, changes'],
  ])('is refused as %s', (policy, expected) => {
    expect(complaint(file(policy))).toContain(expected);
  });

  test.each([
    ['{users: [U1], channels: [any]}', '.rules[0].clusters: nothing: expected a list of clusters'],
    ['{clusters: [cluster-a], users: [U1]}', '.rules[0].channels: nothing: expected a list of channel ids such as [C012ABCDEF], or [any]'],
    ['{clusters: [cluster-a], channels: [any]}', 'a rule for nobody: expected users, groups or both'],
    ['{clusters: [cluster-a], users: [ada], channels: [any]}', '.rules[0].users[0]: "ada": expected the id of a user such as "U012ABCDEF"'],
    ['{clusters: [cluster-a], groups: ["@sre"], channels: [any]}', '.rules[0].groups[0]: "@sre": expected the id of a user group'],
    ['{clusters: [cluster-a], users: [U1], channels: ["#incidents"]}', '.rules[0].channels[0]: "#incidents": expected the id of a channel'],
    ['{clusters: [cluster-a], users: [U1], channels: any}', '.rules[0].channels: "any": expected a list of channel ids'],
    [
      '{clusters: [cluster-a], users: [U1], channels: [any], may: [deploy]}',
      '.rules[0].may[0]: "deploy": expected check, doctor, read, cancel, request or approve',
    ],
    ['{clusters: [cluster-a], user: [U1], channels: [any]}', '.rules[0].user: unknown key: did you mean "users"?'],
    [
      '{clusters: ["*-a"], users: [U1], channels: [any]}',
      '.rules[0].clusters[0]: "*-a": expected the name of a cluster such as "cluster-a", or',
    ],
    ['{clusters: [""], users: [U1], channels: [any]}', '.rules[0].clusters[0]: "": expected the name of a cluster'],
  ])('has no rule %s', (rule, expected) => {
    expect(complaint(withRule(rule))).toContain(expected);
  });

  test('names no cluster that the file does not have', () => {
    expect(complaint(withRule('{clusters: [clustr-a, "dev-*"], users: [U1], channels: [any]}')).split('\n')).toEqual([
      '.rules[0].clusters[0]: "clustr-a": no cluster of this file has that name: did you mean "cluster-a"? (known: cluster-a, prod-1)',
      '.rules[0].clusters[1]: "dev-*": no cluster of this file has that name (known: cluster-a, prod-1)',
    ]);
    expect(complaint(file('{team: T1, rules: [{clusters: [a], users: [U1], channels: [any]}]}', '{}'))).toContain('(known: none)');
  });

  test('is explained by an example that can be loaded', () => {
    const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const [, rights = '', changes = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
    expect(read(rights)?.rules.map(({ may }) => may.length)).toEqual([3, 6]);
    expect(read(changes)?.changes?.map(({ people, freeze }) => [people, freeze.length])).toEqual([
      [3, 0],
      [null, 2],
    ]);
  });
});
