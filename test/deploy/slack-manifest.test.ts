import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { objectsOf, read, root, type Thing } from './files.ts';
import { EVENT_SCOPES, FREE_METHODS, METHOD_SCOPES, wrongWith } from './slack-manifest-rules.ts';

const socket = objectsOf('deploy/slack/manifest.yaml')[0] as Thing;
const http = objectsOf('deploy/slack/manifest.http.yaml')[0] as Thing;
const scopesOf = (manifest: Thing): Record<'bot' | 'bot_optional', string[]> => manifest['oauth_config'].scopes;

/** A copy with one value changed, by path. */
function changed(manifest: Thing, path: string, value: unknown): Thing {
  const copy = structuredClone(manifest);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const place = keys.reduce<Thing>((at, key) => at[key] as Thing, copy);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

/** The texts of the sources of a room. */
const sourcesOf = (room: string): string[] =>
  readdirSync(new URL(`src/${room}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(`src/${room}/${file}`));

/** The methods of Slack's Web API that the sources call, as `chat.postMessage`. */
function methodsCalled(): string[] {
  const called = sourcesOf('slack').flatMap((source) =>
    [
      ...source.matchAll(
        /['".]((?:chat|users|usergroups(?:\.users)?|conversations|views|auth|files|reactions|bookmarks|assistant\.threads)\.[a-z][A-Za-z]+)['"(]/g,
      ),
    ].map(([, method]) => method ?? ''),
  );
  return [...new Set(called)].toSorted();
}

describe('the Slack app', () => {
  test.each([
    ['Socket Mode', socket],
    ['HTTP', http],
  ])('is one that Slack takes (%s)', (_, manifest) => {
    expect(wrongWith(manifest)).toEqual([]);
  });

  test('differs between the modes in the addresses only', () => {
    const address = 'https://dns-medic.example.com/slack/events';
    const steps: [string, unknown][] = [
      ['features.slash_commands.0.url', address],
      ['settings.event_subscriptions.request_url', address],
      ['settings.interactivity.request_url', address],
      ['settings.socket_mode_enabled', false],
    ];
    expect(steps.reduce((manifest, [path, value]) => changed(manifest, path, value), socket)).toEqual(http);
  });

  test('has escaped commands, so that people and channels come as ids, and the shortcut that the bot listens to', () => {
    expect((socket['features'].slash_commands as Thing[]).map((one) => [one['command'], one['should_escape']])).toEqual([['/dns', true]]);
    expect((socket['features'].shortcuts as Thing[]).map((one) => [one['type'], one['callback_id']])).toEqual([
      ['message', 'dns_check_here'],
    ]);
  });

  test('asks for no scope that it has no use for', () => {
    const { bot, bot_optional: optional } = scopesOf(socket);
    const events = (socket['settings'].event_subscriptions.bot_events as string[]).map((event) => EVENT_SCOPES[event] ?? '');
    const useful = ['commands', ...events, ...Object.values(METHOD_SCOPES).flat(2)];
    expect(bot.filter((scope) => !useful.includes(scope))).toEqual([]);
    expect(optional).toEqual(['usergroups:read', 'im:read', 'channels:history', 'groups:history', 'files:write']);
  });

  test('hears the events that the sources listen to, and no others', () => {
    const heard = sourcesOf('slack').flatMap((source) => [...source.matchAll(/\.event\('(\w+)'/g)].map(([, event]) => event ?? ''));
    const events = socket['settings'].event_subscriptions.bot_events as string[];
    expect(events.toSorted()).toEqual([...new Set(heard)].toSorted());
  });

  test('has the scope of every event that it hears', () => {
    const events = socket['settings'].event_subscriptions.bot_events as string[];
    expect(events.filter((event) => !(event in EVENT_SCOPES))).toEqual([]);
    expect(events.map((event) => EVENT_SCOPES[event]).filter((scope) => scope && !scopesOf(socket).bot.includes(scope))).toEqual([]);
  });

  test('has the scope of every method that the sources call', () => {
    const methods = methodsCalled();
    expect(methods).toContain('chat.postMessage');
    expect(methods.filter((method) => !(method in METHOD_SCOPES) && !FREE_METHODS.includes(method))).toEqual([]);
    const missing = methods.filter((method) =>
      METHOD_SCOPES[method]?.some((any) => !any.some((one) => scopesOf(socket).bot.includes(one))),
    );
    expect(missing).toEqual([]);
  });
});

describe('the rules for manifests', () => {
  test.each<[string, Thing, string, unknown]>([
    ['a name that is too long', socket, 'display_information.name', 'x'.repeat(36)],
    ['a description that is too long', socket, 'display_information.description', 'x'.repeat(141)],
    ['a command without its slash', socket, 'features.slash_commands.0.command', 'dns'],
    ['a command that is too long', socket, 'features.slash_commands.0.command', `/${'d'.repeat(32)}`],
    ['a shortcut whose name is too long', socket, 'features.shortcuts.0.name', 'x'.repeat(25)],
    ['eleven shortcuts', socket, 'features.shortcuts', Array.from({ length: 11 }, () => socket['features'].shortcuts[0])],
    ['a scope twice', socket, 'oauth_config.scopes.bot', ['commands', 'commands']],
    ['an optional scope that is not asked for', socket, 'oauth_config.scopes.bot', ['commands']],
    ['a misspelt key', socket, 'settings.socket_mode', true],
    ['HTTP without an address for events', http, 'settings.event_subscriptions.request_url', undefined],
    ['HTTP without an address for the command', http, 'features.slash_commands.0.url', undefined],
    ['an address without TLS', http, 'settings.interactivity.request_url', 'http://dns-medic.example.com/slack/events'],
    ['Socket Mode with addresses', http, 'settings.socket_mode_enabled', true],
  ])('refuse %s', (_, manifest, path, value) => {
    expect(wrongWith(changed(manifest, path, value))).not.toEqual([]);
  });
});
