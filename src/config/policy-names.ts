import { z } from 'zod';
import { isClusterName } from './kubernetes-names.ts';
import { stringOf } from './strict.ts';

/** Whether a text is an id of Slack that begins with one of these letters. */
export const idOf = (first: string) => {
  const pattern = new RegExp(`^[${first}][A-Z0-9]{1,30}$`);
  return (text: string): boolean => pattern.test(text);
};
const isChannel = idOf('CGD');

/** A name, or the beginning of one with `*` for the rest. */
const isPattern = (text: string): boolean => {
  const name = text.endsWith('*') ? text.slice(0, -1) : text;
  return (name === '' && text !== '') || isClusterName(name);
};

const listOf = (entry: z.ZodType<string>, expected: string) => z.array(entry, { error: expected });

/** Names of clusters, or their beginnings. */
export const Clusters = listOf(
  stringOf('expected the name of a cluster such as "cluster-a", or its beginning and a star such as "prod-*"', isPattern),
  'expected a list of clusters such as [cluster-a] or ["prod-*"]',
);
/** Ids of users. */
export const Users = listOf(
  stringOf('expected the id of a user such as "U012ABCDEF" (in Slack: profile, Copy member ID)', idOf('UW')),
  'expected a list of user ids such as [U012ABCDEF]',
);
/** Ids of user groups. */
export const Groups = listOf(
  stringOf('expected the id of a user group such as "S012ABCDEF"', idOf('S')),
  'expected a list of user group ids such as [S012ABCDEF]',
);
/** Ids of channels, or `any`. */
export const Channels = listOf(
  stringOf(
    'expected the id of a channel such as "C012ABCDEF" (in Slack: channel details, at the end), or any',
    (text) => text === 'any' || isChannel(text),
  ),
  'expected a list of channel ids such as [C012ABCDEF], or [any]',
);
