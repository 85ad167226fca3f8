import { afterEach, expect, test } from '@jest/globals';
import { CHANGE, CHANNEL, JUDGES, type OrdersScene, setOrders } from './orders/scene.ts';

let scene: OrdersScene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

/** Nobody holds the thread any more: all is said. */
const stateOf = async ({ desk }: OrdersScene, run: string) => (await desk.change(run, CHANGE))?.change.state;
const slots = ({ slack }: OrdersScene): number => slack.messages(CHANNEL).length;

test('an order goes its way in the thread: asked for, approved over a restart, done, undone; each once', async () => {
  scene = await setOrders();
  const run = await scene.check();
  await scene.press('U0ANA', 'dns_review');
  await scene.button('dns_approve');
  expect(await stateOf(scene, run)).toBe('requested');
  await scene.restart();
  const letGo = scene.hold();
  await scene.press('U0BEN', 'dns_approve');
  await scene.button('dns_stop');
  expect(await stateOf(scene, run)).toBe('running');
  await scene.restart();
  letGo();
  await scene.button('dns_undo');
  expect(scene.text()).toContain('CoreDNS was restarted.');
  const before = slots(scene);
  await scene.press('U0ANA', 'dns_undo');
  await scene.slack.until(() => scene?.text().includes('It was put back.'));
  expect([await stateOf(scene, run), scene.carried]).toEqual(['undone', ['apply', 'undo']]);
  expect(slots(scene)).toBe(before + 1);
}, 60_000);

test('an order whose time is over says so in its thread, though the thread was let go', async () => {
  scene = await setOrders();
  const run = await scene.check();
  const { desk } = scene;
  const known = await desk.change(run, CHANGE);
  const late = (known?.change.expiresAt ?? 0) + 1;
  // the clock of the one who looks after orders, half an hour later
  await desk.move(run, CHANGE, (change) => JUDGES.expire(change, { cluster: 'cluster-a', run, now: late }));
  await scene.slack.until(() => !JSON.stringify(scene?.slack.messages(CHANNEL).map(({ blocks }) => blocks)).includes('dns_review'));
  expect(await stateOf(scene, run)).toBe('expired');
}, 60_000);

test('two people who approve at once, and press again, have it done once', async () => {
  scene = await setOrders();
  await scene.check();
  const { slack } = scene;
  await scene.press('U0ANA', 'dns_review');
  const { ts } = await scene.button('dns_approve');
  const presses = await Promise.all(['U0BEN', 'U0BEN', 'U0ANA'].map((user) => slack.click(user, CHANNEL, ts, 'dns_approve')));
  expect(presses.every(({ acked }) => acked)).toBe(true);
  const view = await slack.until(() => (slack.modal('U0BEN')?.['submit'] ? String(slack.modal('U0BEN')?.['id']) : null));
  await slack.submit('U0BEN', view, {});
  await scene.button('dns_undo');
  expect(scene.carried).toEqual(['apply']);
}, 60_000);
