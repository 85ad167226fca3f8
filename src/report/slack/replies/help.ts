import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { aside, line, listing, type Part } from '../text/parts.ts';
import { bold, listed, name, ours, words } from '../text/words.ts';
import { commandHelp } from './commands.ts';

const mostClusters = 20;

/** The commands in a table. */
export function commandsPart(commandName: string): Part {
  const lines = commandHelp.flatMap(({ usage, about }) => [`${commandName} ${usage}`, `    ${about}`]);
  return listing('Commands', lines);
}

/** What one can ask for, and how. `clusters`: those that the person may check. */
export function helpMessage(commandName: string, clusters: readonly string[]): Message {
  const may =
    clusters.length === 0
      ? words`You may not check any cluster. Whoever runs dns-medic gives that right, in its policy.`
      : words`You may check: ${listed(
          clusters.map((one) => name(one)),
          mostClusters,
        )}`;
  return messageOf([
    line(words`${bold(ours('dns-medic'))} finds out why DNS fails in a Kubernetes cluster, shows how it knows, and says what to do.`),
    commandsPart(commandName),
    line(may),
    aside(
      words`${name(commandName, 40)} alone opens a form. In a thread Slack takes no slash commands: mention the bot with the same words, or use its shortcut in the menu of a message.`,
    ),
  ]);
}
