import { count } from '../../terminal/amounts.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { line } from '../text/parts.ts';
import { bold, name, ours, type Words, words } from '../text/words.ts';

/** What became of the wish to be shown files. */
export type FilesOutcome = 'sent' | 'none' | 'scope' | 'channel' | 'slack';

/** `slack`: Slack's own word for what is wrong. */
export interface FilesTold {
  outcome: FilesOutcome;
  cluster: string;
  slack: string | null;
}

const refused = bold(ours('No file was sent'));

/** `of`: what is in the files; `sent` and `none` are the sentences of which they differ. */
function filesMessage({ outcome, slack }: FilesTold, { of, sent, none }: Readonly<Record<'of' | 'sent' | 'none', Words>>): Message {
  const said: Readonly<Record<FilesOutcome, Words>> = {
    sent,
    none,
    scope: words`⛔ ${refused}: the Slack app lacks the scope ${name('files:write', 40)}. Whoever runs the app adds it and installs it again.`,
    channel: words`⛔ ${refused}: names and addresses are in ${of}, so it is sent only to private channels and direct messages that are not shared with others.`,
    slack: words`❌ ${refused}: Slack did not take it (${name(slack ?? 'no reason given', 60)}). Try again in a minute.`,
  };
  return messageOf([line(said[outcome])]);
}

/** What became of the wish to have the lines of a query log. */
export function linesMessage(told: FilesTold & { lines: number }): Message {
  const { cluster, lines } = told;
  const of = words`the query log of ${name(cluster)}`;
  return filesMessage(told, {
    of,
    sent: words`📄 ${lines === 1 ? ours('One line') : words`${lines} lines`} of ${of} are in the thread as a file. Names and addresses are in it: delete it when it is no longer needed.`,
    none: words`There are no lines of ${of}: nothing was logged, or they are no longer kept.`,
  });
}

/** What became of the wish to have the files of a capture. */
export function captureFilesMessage(told: FilesTold & { files: number }): Message {
  const { cluster, files } = told;
  const of = words`the capture of ${name(cluster)}`;
  return filesMessage(told, {
    of,
    sent: words`📄 ${ours(count(files, 'file'))} of ${of} ${ours(files === 1 ? 'is' : 'are')} in the thread. Names and addresses are in them: delete them when they are no longer needed.`,
    none: words`The files of ${of} are no longer kept: capture again. They are kept for an hour.`,
  });
}
