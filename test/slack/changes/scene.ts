import type { Policy } from '../../../src/domain/access.ts';
import type { Change } from '../../../src/domain/change.ts';
import type { RunRecord } from '../../../src/domain/run.ts';
import { REVIEW_FIELDS } from '../../../src/report/slack/views/review.ts';
import type { Counter } from '../../../src/slack/counter.ts';
import { onPress } from '../../../src/slack/handlers/press.ts';
import { onReview } from '../../../src/slack/handlers/review.ts';
import { order, plan } from '../../access/changes/orders.ts';
import { policy, rule, TEAM } from '../../access/people.ts';
import type { FakeDesk } from '../fake-desk.ts';
import { counterIn, refused, type World } from '../stand-ins.ts';

export const RUN = '0a1b2c3d4e';
export const CHANGE = '0123456789abcdef0123456789abcdef';
export const VALUE = `${RUN}.${CHANGE}`;

const user = (id: string, change: object = {}): object => ({
  id,
  team_id: TEAM,
  is_bot: false,
  deleted: false,
  is_restricted: false,
  is_ultra_restricted: false,
  ...change,
});
const channel = (id: string, change: object = {}): object => ({ id, is_ext_shared: false, is_private: false, is_member: true, ...change });

/** Ada may ask, Ben and Bea may approve too, Cat may end runs and read, and nobody named the others. */
export const WORLD: World = {
  users: {
    U0ADA: user('U0ADA'),
    U0BEN: user('U0BEN'),
    U0BEA: user('U0BEA'),
    U0CAT: user('U0CAT'),
    U0NEW: user('U0NEW'),
    U0GUEST: user('U0GUEST', { is_restricted: true }),
    U0EXT: user('U0EXT', { team_id: 'T0ELSE' }),
    U0WHO: refused('user_not_found'),
  },
  channels: {
    C0HERE: channel('C0HERE'),
    C0WAR: channel('C0WAR', { is_private: true }),
    C0ELSE: channel('C0ELSE'),
    C0SHARED: channel('C0SHARED', { is_ext_shared: true }),
  },
  groups: { S0SRE: ['U0BEN', 'U0BEA'] },
};

export const POLICY: Policy = policy(
  rule({ users: ['U0ADA', 'U0GUEST', 'U0EXT', 'U0WHO'], may: ['check', 'read', 'request'] }),
  rule({ users: [], groups: ['S0SRE'], may: ['check', 'read', 'request', 'approve'] }),
  rule({ users: ['U0CAT'], may: ['read', 'cancel'] }),
);

/** The run of a check that is over, in three places, and the one order that it proposed. Plans are made now, as they hold for half an hour. */
export function proposed(life: Partial<Change> = {}): RunRecord {
  const planned = plan({ madeAt: Date.now() - 60_000 });
  const places = ['C0HERE', 'C0WAR', 'C0SHARED'].map((id) => ({ channel: id, thread: '1.0', askers: ['U0ADA'] }));
  return {
    id: RUN,
    kind: 'check',
    cluster: 'cluster-a',
    request: { cluster: 'cluster-a', pod: null, node: null, names: [], quick: false, probePods: true, ephemeral: false, timeoutMs: 1 },
    askedBy: 'U0ADA',
    createdAt: planned.madeAt,
    places,
    progress: { state: 'done', attempt: 1, startedAt: 1, endedAt: 2, steps: [], error: null, cancelledBy: null },
    result: null,
    changes: [{ ...order({ plan: planned }), ...life }],
  };
}

export interface OrderScene extends ReturnType<typeof counterIn> {
  /** The order as it stands. */
  order: () => Change;
  /** What people were told, in windows and in messages, oldest first. */
  told: () => string[];
  /** The view that stands in the window. */
  window: () => any;
}

export interface SceneOptions {
  life?: Partial<Change>;
  policy?: Policy;
  desk?: FakeDesk;
}

/** A bot, and a desk with one order. With `desk`: another bot at the same desk. */
export function orderScene({ life = {}, policy: rules = POLICY, desk: given }: SceneOptions = {}): OrderScene {
  const scene = counterIn(WORLD, rules, ['cluster-a', 'cluster-b'], given);
  if (given === undefined) scene.desk.runs.set(RUN, proposed(life));
  const views = (): any[] => scene.calls.filter(({ method }) => method === 'views.update').map(({ args }) => args.view);
  const texts = (said: any): string => JSON.stringify(said.blocks ?? said);
  return {
    ...scene,
    order: () => scene.desk.runs.get(RUN)?.changes?.[0] as Change,
    told: () =>
      scene.calls
        .filter(({ method }) => method === 'views.update' || method === 'chat.postEphemeral')
        .map(({ args }) => texts(args.view ?? args)),
    window: () => views().at(-1),
  };
}

export interface Press {
  action: string;
  who: string;
  where?: string;
  value?: unknown;
  trigger?: string;
}

let triggers = 0;
export const trigger = (): string => `t${(triggers += 1)}`;

/** Somebody presses a button of the order. */
export const press = (counter: Counter, { action, who, where = 'C0HERE', value = VALUE, trigger: id = trigger() }: Press): Promise<void> =>
  onPress(counter)({
    action: { action_id: action, value: value as string },
    body: { trigger_id: id, user: { id: who }, channel: { id: where }, container: { type: 'message', thread_ts: '1.0' } },
    ack: async () => undefined,
    respond: async () => undefined as any,
    context: {},
  });

export interface Submit {
  who: string;
  purpose?: string;
  reason?: string;
  typedName?: string;
  where?: string;
  metadata?: string;
  trigger?: string;
}

/** Somebody sends the window of a review. Gives what the window says at once. */
export async function submit(counter: Counter, { who, purpose = 'request', where = 'C0HERE', ...given }: Submit): Promise<any> {
  const field = ({ block, action }: { block: string; action: string }, value: string | undefined): object =>
    value === undefined ? {} : { [block]: { [action]: { type: 'plain_text_input', value } } };
  let said: unknown = null;
  await onReview(counter)({
    body: { trigger_id: given.trigger ?? trigger(), user: { id: who } },
    view: {
      id: 'V1',
      private_metadata: given.metadata ?? `${where}/1.0 ${purpose} ${VALUE}`,
      state: { values: { ...field(REVIEW_FIELDS.reason, given.reason), ...field(REVIEW_FIELDS.typedName, given.typedName) } },
    },
    ack: async (response) => void (said = response),
    context: {},
  });
  return said;
}
