import { describe, expect, test } from '@jest/globals';
import { onCommand } from '../../../src/slack/handlers/command.ts';
import { onHome } from '../../../src/slack/handlers/home.ts';
import { yes } from '../../access/changes/orders.ts';
import { orderScene, POLICY, RUN, trigger, VALUE } from './scene.ts';

const requested = { state: 'requested', requested: yes('U0ADA', { channel: 'C0HERE' }) } as const;

/** What somebody is told who types a command. */
async function type(
  scene: ReturnType<typeof orderScene>,
  who: string,
  text: string,
): Promise<{ told: string; outcome: string | undefined }> {
  let told = '';
  const command: any = { user_id: who, channel_id: 'C0HERE', team_id: 'T0HOME', trigger_id: trigger(), text };
  const respond: any = async (said: object) => void (told = JSON.stringify(said));
  await onCommand(scene.counter)({ command, ack: async () => undefined, respond, context: {} });
  return { told, outcome: scene.seen.at(-1)?.outcome };
}

describe('remedy', () => {
  test('starts a check that plans what was asked for', async () => {
    const scene = orderScene();
    expect((await type(scene, 'U0ADA', 'remedy cluster-a scale-coredns replicas=3 reason=too few')).outcome).toBe('started');
    expect(scene.desk.asks).toMatchObject([
      {
        kind: 'check',
        request: { cluster: 'cluster-a', remedy: { id: 'scale-coredns', params: { replicas: '3' } }, reason: 'too few', quick: false },
      },
    ]);
  });

  test.each(['U0CAT', 'U0NEW', 'U0GUEST', 'U0EXT'])('is refused to %s, who may not ask for changes', async (who) => {
    const scene = orderScene();
    expect((await type(scene, who, 'remedy cluster-a restart-coredns')).outcome).toBe('refused');
    expect(scene.desk.asks).toEqual([]);
  });

  test('of a cluster in which nothing may be changed is refused at once', async () => {
    const scene = orderScene({ policy: { ...POLICY, readOnly: ['cluster-a'] } });
    const { told, outcome } = await type(scene, 'U0ADA', 'remedy cluster-a restart-coredns');
    expect(outcome).toBe('refused');
    expect(told).toContain('read-only');
  });

  test('that is none says what may be meant', async () => {
    const scene = orderScene();
    const { told, outcome } = await type(scene, 'U0ADA', 'remedy cluster-a restart-corends');
    expect(outcome).toBe('usage');
    expect(told).toContain('/dns remedy cluster-a restart-coredns');
  });

  test('of a cluster that the person may do nothing with names no cluster', async () => {
    const scene = orderScene();
    const { told } = await type(scene, 'U0NEW', 'remedy clustr-a restart-coredns');
    expect(told).not.toContain('cluster-a');
  });
});

test('remedies lists what can be asked for', async () => {
  const { told, outcome } = await type(orderScene(), 'U0ADA', 'remedies');
  expect(outcome).toBe('answered');
  expect(told).toMatch(/restart-coredns[^]*scale-coredns/);
});

describe('cancel', () => {
  const scene = (life: object) => {
    const made = orderScene({ life });
    const record = structuredClone(made.desk.runs.get(RUN)!);
    const place = { channel: 'C0HERE', thread: null, askers: [] };
    made.desk.runs.get(RUN)!.places.push(place);
    made.desk.runs.set('00000000aa', {
      ...record,
      id: '00000000aa',
      kind: 'change',
      places: [],
      progress: { ...record.progress, state: 'running' },
      changes: [],
      change: { of: RUN, change: VALUE.slice(11), act: 'apply' },
    });
    const state = () => made.desk.runs.get('00000000aa')?.progress.state;
    return { ...made, state, place };
  };
  const running = { ...requested, state: 'running', applyRun: '00000000aa' } as const;

  test.each([
    ['in its place', 'cancel'],
    ['by the run that proposed it', `cancel ${RUN}`],
    ['by the run that does it', 'cancel 00000000aa'],
  ])('stops an order that is being done, %s', async (_what, text) => {
    const made = scene(running);
    expect((await type(made, 'U0ADA', text)).outcome).toBe('answered');
    expect(made.state()).toBe('cancelled');
  });

  test.each(['U0NEW', 'U0GUEST', 'U0EXT'])('stops nothing for %s', async (who) => {
    for (const text of [`cancel ${RUN}`, 'cancel 00000000aa']) {
      const made = scene(running);
      expect((await type(made, who, text)).outcome).toBe('refused');
      expect(made.state()).toBe('running');
    }
  });

  test('does not keep a change from ending when its time is over', async () => {
    const made = scene({ ...requested, state: 'done', endsAt: Date.now() + 60_000 });
    const end = made.desk.runs.get('00000000aa')!;
    end.places = [made.place];
    end.progress = { ...end.progress, state: 'queued' };
    for (const text of ['cancel', 'cancel 00000000aa']) await type(made, 'U0CAT', text);
    expect(made.state()).toBe('queued');
    expect(made.seen.map(({ outcome }) => outcome)).toEqual(['answered', 'answered']);
  });

  test('of work on an order that is not known any more ends nothing', async () => {
    const made = scene(running);
    made.desk.runs.get(RUN)!.changes = [];
    const { told } = await type(made, 'U0CAT', 'cancel 00000000aa');
    expect(told).toContain('no longer kept');
    expect(made.state()).toBe('running');
  });

  test('of a run whose orders only wait ends nothing', async () => {
    const made = scene(requested);
    const { told } = await type(made, 'U0ADA', `cancel ${RUN}`);
    expect(told).toContain('over');
    expect([made.state(), made.order().state]).toEqual(['running', 'requested']);
  });
});

describe('the Home tab', () => {
  const home = async (
    who: string,
    life: object,
    change: (scene: ReturnType<typeof orderScene>) => void = () => undefined,
  ): Promise<string> => {
    const scene = orderScene({ life });
    change(scene);
    const event: any = { type: 'app_home_opened', user: who, channel: `D0${who.slice(2)}`, tab: 'home', event_ts: '1' };
    await onHome(scene.counter)({ event, body: { event_id: trigger() }, context: {} });
    return JSON.stringify(scene.calls.find(({ method }) => method === 'views.publish')?.args.view);
  };

  test('shows those who may approve what waits for them, with a link', async () => {
    const shown = await home('U0BEN', requested);
    expect(shown).toContain('restart-coredns');
    expect(shown).toContain('https://lab.slack.com/archives/C1/p1');
  });

  test('links to no private channel', async () => {
    const shown = await home('U0BEN', requested, ({ desk }) => {
      desk.runs.get(RUN)!.places = [{ channel: 'C0WAR', thread: '1.0', askers: [] }];
    });
    expect(shown).toContain('restart-coredns');
    expect(shown).not.toContain('https://');
  });

  test.each([
    ['to the one who asked', 'U0ADA', requested],
    ['to those who may not approve', 'U0CAT', requested],
    ['to guests', 'U0GUEST', requested],
    ['to those who have approved', 'U0BEN', { ...requested, approvals: [yes('U0BEN')] }],
    ['of what nobody has asked for', 'U0BEN', {}],
    ['of what is approved', 'U0BEA', { ...requested, state: 'approved', approvals: [yes('U0BEN')] }],
  ])('shows nothing %s', async (_what, who, life: object) => {
    expect(await home(who, life)).not.toContain('restart-coredns');
  });
});
