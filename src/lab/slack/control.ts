import { isObject, parsed } from './methods/arguments.ts';
import type { Manner } from './people/people.ts';
import type { Control } from './server.ts';
import type { SlackLookalike } from './start-slack.ts';
import type { Json } from './world/world.ts';

type Order = (slack: SlackLookalike, given: Json) => unknown;

const words = (given: Json, name: string): string => {
  const value = given[name];
  if (typeof value !== 'string') throw new Error(`the field ${name} must be a string`);
  return value;
};
const maybe = (given: Json, name: string): string | null => (typeof given[name] === 'string' ? given[name] : null);
function manner(given: Json): Manner {
  const forged = isObject(given['forge']) ? given['forge'] : {};
  const forge = Object.fromEntries(
    ['value', 'metadata'].flatMap((name) => (typeof forged[name] === 'string' ? [[name, forged[name]]] : [])),
  );
  return { force: given['force'] === true, raw: given['raw'] === true, forge };
}
const list = (given: Json, name: string): string[] => {
  const value = given[name];
  if (!Array.isArray(value)) throw new Error(`the field ${name} must be a list`);
  return value.map(String);
};

/** What another process can have done: POST /lab/NAME with JSON; the answer is JSON. */
const ORDERS: Readonly<Record<string, Order>> = {
  command: (slack, g) => slack.command(words(g, 'user'), words(g, 'channel'), words(g, 'command'), maybe(g, 'text') ?? '', manner(g)),
  mention: (slack, g) => slack.mention(words(g, 'user'), words(g, 'channel'), words(g, 'text'), maybe(g, 'thread'), manner(g)),
  say: (slack, g) => slack.say(words(g, 'user'), words(g, 'channel'), words(g, 'text'), maybe(g, 'thread'), manner(g)),
  shortcut: (slack, g) => slack.shortcut(words(g, 'user'), words(g, 'channel'), words(g, 'ts'), words(g, 'callback_id'), manner(g)),
  click: (slack, g) => slack.click(words(g, 'user'), words(g, 'channel'), words(g, 'ts'), words(g, 'action_id'), g['value'], manner(g)),
  'click-in-view': (slack, g) => slack.clickInView(words(g, 'user'), words(g, 'view'), words(g, 'action_id'), g['value'], manner(g)),
  submit: (slack, g) => slack.submit(words(g, 'user'), words(g, 'view'), isObject(g['values']) ? g['values'] : {}, manner(g)),
  'close-modal': (slack, g) => slack.closeModal(words(g, 'user'), words(g, 'view')),
  'open-home': (slack, g) => slack.openHome(words(g, 'user'), manner(g)),
  redeliver: (slack, g) => slack.redeliver(words(g, 'delivery')),
  'delete-message': (slack, g) => slack.deleteMessage(words(g, 'channel'), words(g, 'ts')),
  'delete-channel': (slack, g) => slack.deleteChannel(words(g, 'channel')),
  archive: (slack, g) => slack.archive(words(g, 'channel'), g['archived'] !== false),
  'create-channel': (slack, g) => slack.createChannel({ ...g, id: words(g, 'id'), name: words(g, 'name') }),
  join: (slack, g) => slack.join(words(g, 'channel'), words(g, 'user')),
  leave: (slack, g) => slack.leave(words(g, 'channel'), words(g, 'user')),
  'set-group': (slack, g) => slack.setGroup(words(g, 'group'), list(g, 'users')),
  'set-scopes': (slack, g) => slack.setScopes(list(g, 'scopes')),
  'deliver-to': (slack, g) => slack.deliverTo(maybe(g, 'url')),
  misbehave: (slack, g) => slack.misbehave(g),
  behave: (slack) => slack.behave(),
  'refresh-sockets': (slack) => slack.refreshSockets(),
  'drop-sockets': (slack) => slack.dropSockets(),
};

const LONGEST_WAIT = 30_000;

/** What another process can read: GET /lab/NAME. */
const READINGS: Readonly<Record<string, (slack: SlackLookalike, query: URLSearchParams) => unknown>> = {
  state: (slack) => slack.state(),
  text: (slack, query) => {
    const [channel, thread] = [query.get('channel') ?? '', query.get('thread')];
    const width = Number(query.get('width') ?? 100);
    return thread === null ? slack.text(channel, width) : slack.threadText(channel, thread, width);
  },
  home: (slack, query) => slack.homeText(query.get('user') ?? ''),
  modal: (slack, query) => slack.modalText(query.get('user') ?? ''),
  calls: (slack, query) => slack.calls(query.get('method') ?? undefined),
  remarks: (slack) => slack.remarks(),
  wait: async (slack, query) => {
    const ms = Math.min(LONGEST_WAIT, Number(query.get('ms') ?? LONGEST_WAIT));
    return { version: await slack.changedSince(Number(query.get('since') ?? 0), ms) };
  },
};

/** Lets another process drive and read the look-alike. */
export function createControl(slack: () => SlackLookalike): Control {
  return async (request, path, body) => {
    try {
      return said(
        request.method === 'POST'
          ? await order(slack(), request.headers['content-type'] ?? '', path, body)
          : await reading(slack(), path, request.url ?? ''),
      );
    } catch (error) {
      return { status: 400, type: JSON_TYPE, body: JSON.stringify({ error: error instanceof Error ? error.message : String(error) }) };
    }
  };
}

const JSON_TYPE = 'application/json; charset=utf-8';

const said = (result: unknown): Awaited<ReturnType<Control>> =>
  typeof result === 'string'
    ? { status: 200, type: 'text/plain; charset=utf-8', body: result }
    : { status: 200, type: JSON_TYPE, body: JSON.stringify(result ?? { done: true }) };

async function order(slack: SlackLookalike, type: string, path: string, body: Buffer): Promise<unknown> {
  const run = Object.hasOwn(ORDERS, path) ? ORDERS[path] : undefined;
  if (run === undefined) throw new Error(`there is no /lab/${path} to post to; there are ${Object.keys(ORDERS).join(', ')}`);
  // A page in a browser cannot send this type without being asked first.
  if (!type.startsWith('application/json')) throw new Error('the content-type must be application/json');
  const given = body.length === 0 ? {} : parsed(body.toString('utf8'));
  if (!isObject(given)) throw new Error('the body must be an object in JSON');
  return run(slack, given);
}

async function reading(slack: SlackLookalike, path: string, url: string): Promise<unknown> {
  const read = Object.hasOwn(READINGS, path) ? READINGS[path] : undefined;
  if (read === undefined) throw new Error(`there is no /lab/${path} to get; there are ${Object.keys(READINGS).join(', ')}`);
  return read(slack, new URL(url, 'http://slack').searchParams);
}
