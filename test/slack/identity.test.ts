import { describe, expect, test } from '@jest/globals';
import { Failure, UsageError } from '../../src/base/failure.ts';
import { explained, identify, policyFor, policyNow } from '../../src/slack/identity.ts';
import { policy, rule } from '../access/people.ts';
import { refused } from './stand-ins.ts';

const identity = { team: 'T0HOME', home: ['T0HOME', 'E0ORG'], botUser: 'U0BOT', botId: 'B0BOT', mentionName: '@dns-medic' };
const bot = (said: object): any => ({ auth: { test: async () => ({ ok: true, ...said }) } });

describe('an error at the start', () => {
  test.each([
    [refused('invalid_auth'), UsageError, 'SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)'],
    [refused('missing_scope'), UsageError, 'missing_scope'],
    [refused('internal_error'), Failure, 'Slack cannot be reached: internal_error'],
    [new Error('fetch failed for https://slack.com/api/x'), Failure, 'Slack cannot be reached: fetch failed for URL'],
    [undefined, Failure, 'it closed the connection'],
  ])('is for the operator where only they can mend it (%#)', (error, kind, message) => {
    const said = explained(error, 'SLACK_BOT_TOKEN');
    expect(said).toBeInstanceOf(kind);
    expect(said.message).toContain(message);
  });
});

describe('the bot', () => {
  test('is whom Slack says it is', async () => {
    const said = { team_id: 'T0HOME', user_id: 'U0BOT', bot_id: 'B0BOT', enterprise_id: 'E0ORG', user: 'dns-medic' };
    expect(await identify(bot(said))).toEqual(identity);
  });

  test('is none where the token is of a person', async () => {
    await expect(identify(bot({ team_id: 'T0HOME', user_id: 'U0ADA', user: 'ada' }))).rejects.toThrow(UsageError);
  });
});

describe('the policy', () => {
  test('is for this workspace or its organisation', () => {
    expect(policyFor(policy(rule()), identity).rules).toHaveLength(1);
    expect(policyFor({ team: 'E0ORG', rules: [] }, identity)).toEqual({ team: 'E0ORG', rules: [] });
    expect(() => policyFor({ team: 'T0ELSE', rules: [] }, identity)).toThrow('expected T0HOME or E0ORG');
  });

  test('is read again each time, and one that comes later for another workspace lets nobody do anything', () => {
    let policies = policy(rule());
    const now = policyNow(() => policies, identity);
    expect(now().rules).toHaveLength(1);
    policies = policy(rule(), rule());
    expect(now().rules).toHaveLength(2);
    policies = { team: 'T0ELSE', rules: [rule()] };
    expect(now()).toEqual({ team: 'T0HOME', rules: [] });
    expect(() => policyNow(policies, identity)).toThrow('expected T0HOME or E0ORG');
  });

  test('lets nobody do anything where there is none', () => {
    expect(policyFor(null, identity)).toEqual({ team: 'T0HOME', rules: [] });
  });
});
