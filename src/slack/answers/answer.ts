import type { Counter } from '../counter.ts';
import type { Command, Usage } from '../parse/command.ts';
import { parseCommand } from '../parse/parse.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { help, listClusters, rightsOf } from './clusters.ts';
import { listRemedies } from './remedies.ts';
import { cancel, history, status } from './runs.ts';
import { start } from './start.ts';
import { usageAnswer } from './usage.ts';

/** The answer to a command. Who may not, is refused with the reason and with who may. */
function answer(counter: Counter, situation: Situation, command: Command | Usage): Answer | Promise<Answer> {
  switch (command.verb) {
    case 'usage':
      return usageAnswer(situation, command);
    case 'check':
      return start(counter, situation, { kind: 'check', cluster: command.cluster, complaint: command.complaint });
    case 'remedy': {
      const { cluster, complaint, remedy, reason } = command;
      return start(counter, situation, { kind: 'check', cluster, complaint, remedy, reason });
    }
    case 'remedies':
      return listRemedies(counter, situation);
    case 'doctor':
      return start(counter, situation, { kind: 'doctor', cluster: command.cluster });
    case 'status':
      return status(counter, situation, command.run);
    case 'cancel':
      return cancel(counter, situation, command.run);
    case 'history':
      return history(counter, situation, command.cluster);
    case 'clusters':
      return listClusters(counter, situation);
    default:
      return help(counter, situation);
  }
}

/**
 * What the text asks for. A name of a cluster that is typed almost right is compared only with those that the person may do something with: a
 * suggestion tells nobody what else there is. `bot`: its user id, where the text is a mention.
 */
function understand(counter: Counter, situation: Situation, text: string, bot?: string): Command | Usage {
  const known = { remedies: counter.remedies, ...(bot === undefined ? {} : { bot }) };
  const command = parseCommand(text, { clusters: counter.clusters, ...known });
  const mayNameOthers = command.verb === 'usage' && ['unknown-word', 'unknown-cluster'].includes(command.problem);
  return mayNameOthers ? parseCommand(text, { clusters: Object.keys(rightsOf(counter, situation)), ...known }) : command;
}

/** The answer to what somebody typed. `bot`: its user id, where the text is a mention. */
export const answerText = (counter: Counter, situation: Situation, text: string, bot?: string): Answer | Promise<Answer> =>
  answer(counter, situation, understand(counter, situation, text, bot));
