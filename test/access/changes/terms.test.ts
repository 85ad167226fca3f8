import { describe, expect, test } from '@jest/globals';
import { termsOf } from '../../../src/access/changes/terms.ts';
import type { ChangeRule, Policy } from '../../../src/domain/access.ts';
import type { ChangeTerms } from '../../../src/domain/change.ts';
import { policy, rule } from '../people.ts';
import { changeRule, MADE, MINUTE } from './orders.ts';

const wish = { cluster: 'prod-1', remedy: 'restart-coredns', risk: 'disruptive' } as const;
const approving = policy(
  rule({ clusters: ['prod-*'], users: ['U0ADA'], groups: ['S0SRE'], channels: ['C0OPS'], may: ['approve'] }),
  rule({ clusters: ['*'], users: ['U0ADA', 'U0BOB'], channels: ['any'], may: ['approve', 'read'] }),
  rule({ clusters: ['*'], users: ['U0EVE'], may: ['request'] }),
);
const withRules = (...changes: Partial<ChangeRule>[]): Policy => ({
  ...approving,
  changes: changes.map((change) => changeRule(change)),
  environments: { 'prod-1': 'production', 'test-1': 'test' },
});
const terms = (of: Policy, change: Partial<typeof wish> | { risk: 'safe' } | { cluster: string } = {}, now = MADE): ChangeTerms =>
  termsOf(of, { ...wish, ...change }, now);

describe('what is asked for a change', () => {
  test('is one person for what is safe and two for what is disruptive, where no rule fits', () => {
    expect(terms(approving)).toEqual({
      people: 2,
      reason: false,
      typeName: false,
      readOnly: false,
      frozen: null,
      mayApprove: { users: ['U0ADA', 'U0BOB'], groups: ['S0SRE'], channels: ['C0OPS', 'any'] },
    });
    expect(terms(approving, { risk: 'safe' }).people).toBe(1);
  });

  test('is a reason and the name besides in production, unless a rule says otherwise', () => {
    const asked = (of: Policy, cluster = 'prod-1') => [terms(of, { cluster }).reason, terms(of, { cluster }).typeName];
    expect(asked(withRules())).toEqual([true, true]);
    expect(asked(withRules(), 'test-1')).toEqual([false, false]);
    expect(asked(withRules({ people: 1 }))).toEqual([true, true]);
    expect(asked(withRules({ reason: false }))).toEqual([false, true]);
    expect(asked(withRules({ typeName: true, reason: true }), 'test-1')).toEqual([true, true]);
    expect(asked({ ...withRules(), environments: {} })).toEqual([false, false]);
  });

  test.each<[string, Partial<ChangeRule>[], number]>([
    ['the first of those that fit', [{ people: 3 }, { people: 4 }], 3],
    ['by risk where the rule says nothing of it', [{}], 2],
    [
      'of its cluster',
      [
        { clusters: ['prod-2'], people: 5 },
        { clusters: ['prod-*'], people: 3 },
      ],
      3,
    ],
    [
      'of its environment',
      [
        { environments: ['test'], people: 5 },
        { environments: ['production'], people: 3 },
      ],
      3,
    ],
    [
      'of its remedy',
      [
        { remedies: ['set-ndots'], people: 5 },
        { remedies: ['set-ndots', 'restart-coredns'], people: 3 },
      ],
      3,
    ],
    ['of all three at once', [{ clusters: ['prod-1'], environments: ['production'], remedies: ['set-ndots'], people: 5 }], 2],
    [
      'not of a rule for nothing',
      [
        { clusters: [], people: 5 },
        { environments: [], people: 5 },
        { remedies: [], people: 5 },
      ],
      2,
    ],
  ])('is told by the rule %s', (_what, rules, people) => {
    expect(terms(withRules(...rules)).people).toBe(people);
  });

  test('does not take a cluster without an environment for one of any', () => {
    expect(terms(withRules({ environments: ['production'], people: 5 }), { cluster: 'prod-2' }).people).toBe(2);
    expect(terms(withRules({ environments: ['production'], people: 5 }), { cluster: 'constructor' }).people).toBe(2);
  });

  test('tells of a cluster that is read-only, and of changes that rest', () => {
    const resting = withRules({ freeze: [{ from: MADE, to: MADE + MINUTE, says: 'sale' }] });
    expect(terms(resting).frozen).toEqual({ says: 'sale', until: MADE + MINUTE });
    expect(terms(resting, {}, MADE + MINUTE).frozen).toBeNull();
    expect(terms({ ...resting, readOnly: ['prod-1'] }).readOnly).toBe(true);
    expect(terms({ ...resting, readOnly: ['prod-*', 'prod'] }).readOnly).toBe(false);
  });

  test('names those who may approve: of the rule, if it names some, and nobody where nobody has the right', () => {
    const by = { users: ['U0BOB'], groups: [] };
    expect(terms(withRules({ by })).mayApprove).toEqual({ users: ['U0BOB'], groups: [], channels: ['C0OPS', 'any'] });
    expect(terms({ ...withRules({ by }), rules: [] }).mayApprove).toEqual({ users: [], groups: [], channels: [] });
  });
});
