import { usageMessage } from '../../report/slack/replies/usage.ts';
import type { Usage } from '../parse/command.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';

/** Says what was not understood, and what was probably meant. */
export const usageAnswer = ({ calledAs }: Situation, usage: Usage): Answer => ({
  outcome: 'usage',
  message: usageMessage(usage, calledAs),
});
