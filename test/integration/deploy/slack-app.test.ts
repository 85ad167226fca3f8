import { afterEach, describe, expect, test } from '@jest/globals';
import { labSeed, type Seed } from '../../../src/lab/slack/start-slack.ts';
import { objectsOf, type Thing } from '../../deploy/files.ts';
import { openScene, POLICY, type Scene } from '../slack/scene.ts';

const manifest = objectsOf('deploy/slack/manifest.yaml')[0] as Thing;
const { bot, bot_optional: optional } = manifest['oauth_config'].scopes as { bot: string[]; bot_optional: string[] };
const INCIDENTS = 'C0INCIDENTS';

/** The workspace of the look-alike with our app in it as the manifest describes it, less the optional scopes that were declined. */
function seedWith(declined: readonly string[] = []): Seed {
  const seed = labSeed();
  const app = {
    ...seed.app,
    scopes: bot.filter((scope) => !declined.includes(scope)),
    events: manifest['settings'].event_subscriptions.bot_events as string[],
    commands: (manifest['features'].slash_commands as Thing[]).map(({ command }) => command as string),
    shortcuts: (manifest['features'].shortcuts as Thing[]).map(({ callback_id: id }) => id as string),
  };
  return { ...seed, app };
}

describe('the app of deploy/slack, in the look-alike', () => {
  let scene: Scene | undefined;
  afterEach(async () => {
    await scene?.end();
    scene = undefined;
  });
  const lacking = (): string[] => (scene?.slack.calls() ?? []).filter(({ error }) => error === 'missing_scope').map(({ method }) => method);

  test('hears all that the bot answers to, and lacks no scope for it', async () => {
    scene = await openScene({ lab: { seed: seedWith() } });
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    const head = (await scene.slack.say('U0BEN', INCIDENTS, 'nothing resolves')).ts ?? '';
    await scene.slack.mention('U0ANA', INCIDENTS, 'check cluster-b', head);
    await scene.slack.shortcut('U0ANA', INCIDENTS, head, 'dns_check_here');
    await scene.slack.command('U0ANA', 'D0ANA', '/dns', 'check cluster-b quick');
    await scene.slack.openHome('U0ANA');
    await scene.dealt(5);
    expect(scene.seen.map(({ kind, outcome }) => `${kind} ${outcome}`).filter((line) => /refused|failed|error/.test(line))).toEqual([]);
    expect(scene.desk.asks.length).toBeGreaterThanOrEqual(3);
    expect(scene.slack.home('U0ANA')).not.toBeNull();
    expect(lacking()).toEqual([]);
  });

  test('with the optional scopes declined, whom the policy names is served, and whom only a group names is told why not', async () => {
    const [rule] = POLICY.rules;
    const policy = { ...POLICY, rules: [...POLICY.rules, { ...(rule as (typeof POLICY.rules)[number]), users: ['U0CAT'], groups: [] }] };
    scene = await openScene({ lab: { seed: seedWith(optional) }, policy });
    await scene.slack.command('U0CAT', INCIDENTS, '/dns', 'check cluster-b');
    await scene.dealt(1);
    expect(scene.desk.asks).toHaveLength(1);
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-b quick');
    expect(await scene.told(INCIDENTS, 'U0ANA')).toMatch(/group/i);
    expect(scene.desk.asks).toHaveLength(1);
  });
});
