import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SlackLookalike } from '../../../src/lab/slack/start-slack.ts';
import { button, C, client, closeAll, plain, refusal, slackFor, sleep } from './slack.ts';

let slack: SlackLookalike;
beforeAll(async () => {
  slack = await slackFor();
});
afterAll(closeAll);

const modal = (title: string, more: object = {}) => ({
  type: 'modal' as const,
  title: plain(title),
  blocks: [{ type: 'divider' as const }],
  ...more,
});
const home = (title: string) => ({ type: 'home' as const, blocks: [{ type: 'header' as const, text: plain(title) }] });
const web = () => client(slack);

/** A trigger_id that nobody has used: of a command that nobody answered. */
const trigger = async (of = slack) => (await of.command('U0ANA', C, '/dns', '')).triggerId!;

describe('a trigger_id', () => {
  test('opens one view, and soon', async () => {
    const id = await trigger();
    expect(await refusal(web().views.open({ trigger_id: id, view: modal('One') }))).toBe('ok');
    expect(await refusal(web().views.open({ trigger_id: id, view: modal('Two') }))).toBe('exchanged_trigger_id');
    expect(await refusal(web().views.open({ trigger_id: 'made-up', view: modal('Two') }))).toBe('invalid_trigger_id');
    const hasty = await slackFor({ timing: { trigger: 20 } });
    const late = await trigger(hasty);
    await sleep(40);
    expect(await refusal(client(hasty).views.open({ trigger_id: late, view: modal('Late') }))).toBe('expired_trigger_id');
  });

  test('is not used up by a view that is refused', async () => {
    const id = await trigger();
    await expect(web().views.open({ trigger_id: id, view: modal('x'.repeat(25)) })).rejects.toMatchObject({
      data: { error: 'invalid_arguments', response_metadata: { messages: [expect.stringContaining('[json-pointer:/view/title/text]')] } },
    });
    expect(await refusal(web().views.open({ trigger_id: id, view: modal('Good') }))).toBe('ok');
  });
});

describe('a modal', () => {
  let view: { id: string; hash: string };
  beforeEach(async () => {
    const opened = await web().views.open({
      trigger_id: await trigger(),
      view: modal('First', { blocks: [{ type: 'actions', elements: [button('more', '1')] }] }),
    });
    view = opened.view as typeof view;
  });

  test('is changed by who has seen its last state', async () => {
    const update = (hash: string | undefined) =>
      refusal(web().views.update({ view_id: view.id, ...(hash === undefined ? {} : { hash }), view: modal('Next') }));
    expect(await update('1.old')).toBe('hash_conflict');
    expect(await update(view.hash)).toBe('ok');
    expect(await update(view.hash)).toBe('hash_conflict');
    expect(slack.remarks()).not.toContain('views.update: without hash, so that it may write over a newer view');
    expect(await update(undefined)).toBe('ok');
    expect(slack.remarks()).toContain('views.update: without hash, so that it may write over a newer view');
    expect(slack.modalText('U0ANA')).toContain('Next');
    expect(await refusal(web().views.update({ view_id: 'V0', view: modal('No') }))).toBe('not_found');
  });

  test('has at most two more upon it', async () => {
    const titles: string[] = [];
    for (const title of ['Second', 'Third', 'Fourth']) {
      const top = slack.modal('U0ANA')!['id'] as string;
      const told = await slack.clickInView('U0ANA', top, 'more');
      const next = modal(title, { blocks: [{ type: 'actions', elements: [button('more', '1')] }] });
      titles.push(await refusal(web().views.push({ trigger_id: told.triggerId!, view: next })));
    }
    expect(titles).toEqual(['ok', 'ok', 'push_limit_reached']);
    expect(await refusal(web().views.push({ trigger_id: await trigger(), view: modal('No') }))).toBe('not_found');
    const top = slack.modal('U0ANA')!['id'] as string;
    expect(await slack.closeModal('U0ANA', top)).toBeNull();
    expect(slack.modalText('U0ANA')).toContain('Second');
    await expect(slack.submit('U0ANA', top, {})).rejects.toThrow('does not have the modal');
  });

  test('may not be larger than Slack takes', async () => {
    const blocks = Array.from({ length: 90 }, () => ({ type: 'section' as const, text: plain('x'.repeat(2_900)) }));
    expect(await refusal(web().views.update({ view_id: view.id, view: modal('Large', { blocks }) }))).toBe('view_too_large');
  });

  test('has an external_id that no other has', async () => {
    const named = modal('Named', { external_id: 'run-1' });
    expect(await refusal(web().views.update({ view_id: view.id, view: named }))).toBe('ok');
    expect(await refusal(web().views.update({ external_id: 'run-1', view: named }))).toBe('ok');
    const other = (await slack.command('U0BEN', C, '/dns', '')).triggerId!;
    expect(await refusal(web().views.open({ trigger_id: other, view: named }))).toBe('duplicate_external_id');
  });
});

test('a Home tab is published, and again by who has seen it', async () => {
  const publish = (title: string, hash?: string) =>
    web().views.publish({ user_id: 'U0CAT', view: home(title), ...(hash === undefined ? {} : { hash }) });
  const { view } = await publish('One');
  const { hash } = view as { hash: string };
  await publish('Two', hash);
  expect(await refusal(publish('Three', hash))).toBe('hash_conflict');
  expect(slack.homeText('U0CAT')).toContain('Two');
  expect(await refusal(web().views.publish({ user_id: 'U0NOBODY', view: home('No') }))).toBe('invalid_arguments');
  expect(await refusal(web().views.publish({ user_id: 'U0CAT', view: modal('No') }))).toBe('invalid_arguments');
});
