import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { few } from '../text/escape.ts';
import { aside, line, listing } from '../text/parts.ts';
import { bold, name, ours, words } from '../text/words.ts';

/** A remedy as people may ask for it. */
export interface RemedyOffer {
  id: string;
  title: string;
  helps: string;
  paramHelp?: Readonly<Record<string, string>> | undefined;
}

const most = 20;

function linesOf({ id, title, helps, paramHelp = {} }: RemedyOffer): string[] {
  const params = Object.entries(paramHelp).map(([param, says]) => `    ${param}=…  ${says}`);
  return [id, `    ${title}. ${helps}`, ...params];
}

/** What can be asked for by name, when each helps, and how it is asked for. */
export function remediesMessage(remedies: readonly RemedyOffer[], commandName: string): Message {
  const { shown, more } = few(remedies, most);
  if (shown.length === 0) return messageOf([line(words`There are no remedies in this version.`)]);
  return messageOf([
    line(words`${bold(ours('What can be mended'))} · a check proposes what fits by itself; each can also be asked for by name`),
    ...inParts(shown),
    ...(more === 0 ? [] : [aside(words`and ${more} more`)]),
    listing('It is written', [`${commandName} remedy CLUSTER REMEDY [key=value ...] [pod=NAMESPACE/POD] [reason=WORDS]`]),
    aside(
      words`Nothing is changed by asking: the cluster is checked, the plan is shown, and people approve it. ${name(commandName, 40)} takes no change without that.`,
    ),
  ]);
}

/** So many remedies have room in a block. */
const perPart = 5;

const inParts = (remedies: readonly RemedyOffer[]) =>
  Array.from({ length: Math.ceil(remedies.length / perPart) }, (_, at) => {
    const some = remedies.slice(at * perPart, (at + 1) * perPart);
    return listing(at === 0 ? 'Remedies' : 'More remedies', some.flatMap(linesOf), { mostLines: 60, widest: 300, heaviest: 2400 });
  });
