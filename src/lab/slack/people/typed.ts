import type { World } from '../world/world.ts';

/**
 * What a Slack client makes of words that a person types: `&`, `<` and `>` become entities, addresses become links, and names of users and
 * channels become mentions. Commands (with `should_escape`) get mentions with a name in them; bare host names become links in messages only.
 */
export function asTyped(world: World, words: string, where: 'message' | 'command'): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const linked = escaped.replace(/(^|[\s=(])(https?:\/\/[^\s()]+)/g, '$1<$2>');
  const hosts = where === 'command' ? linked : linked.replace(HOST, '$1<http://$2|$2>');
  return mentions(world, hosts, where);
}

/** A bare host name that clients take for an address. */
const HOST = /(^|[\s=(])((?:[a-z0-9-]+\.)+(?:com|net|org|io|dev))(?=[\s),.!?]|$)/gi;

function mentions(world: World, words: string, where: 'message' | 'command'): string {
  const named = words.replace(/(^|\s)@([\w.-]+)/g, (all, before: string, name: string) => {
    const user = [...world.users.values()].find((each) => each.name === name);
    if (user) return `${before}<@${user.id}${where === 'command' ? `|${user.name}` : ''}>`;
    const group = [...world.groups.values()].find((each) => each.handle === name);
    if (group) return `${before}<!subteam^${group.id}|@${name}>`;
    return EVERYONE.includes(name) ? `${before}<!${name}>` : all;
  });
  return named.replace(/(^|\s)#([\w-]+)/g, (all, before: string, name: string) => {
    const channel = [...world.channels.values()].find((each) => each.name === name && each.kind !== 'im');
    return channel ? `${before}<#${channel.id}|${channel.kind === 'public' ? name : ''}>` : all;
  });
}

const EVERYONE: readonly string[] = ['channel', 'here', 'everyone'];
