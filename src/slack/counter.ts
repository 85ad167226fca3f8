import type { WebClient } from '@slack/web-api';
import type { Policy } from '../domain/access.ts';
import type { Desk } from './desk.ts';
import type { KeptIntake } from './intake.ts';
import type { Facts } from './facts.ts';
import type { SlackLog } from './log.ts';
import type { RemedyKind } from './remedy-kind.ts';
import type { Captures, OnFile } from './sent-file.ts';

/** What a person did. */
export type RequestKind = 'command' | 'mention' | 'shortcut' | 'submission' | 'button' | 'home';

/** What became of it. `duplicate`: it was delivered before. `untold`: the person could not be reached with the answer. */
export type Outcome =
  | 'answered'
  | 'started'
  | 'joined'
  | 'here'
  | 'form'
  | 'usage'
  | 'refused'
  | 'not-in-channel'
  | 'duplicate'
  | 'redis-down'
  | 'failed'
  | 'untold';

/** A request that was dealt with, for metrics. `ackMs`: from its arrival to our acknowledgement; null where that was not seen. */
export interface RequestSeen {
  kind: RequestKind;
  outcome: Outcome;
  ackMs: number | null;
}

/** What the handlers work with. */
export interface Counter {
  desk: Desk;
  intake: KeptIntake;
  /** The ts of the card of a run in a channel; null: none stands there. */
  cardOf: (run: string, channel: string) => Promise<string | null>;
  facts: Facts;
  /** As it is at the moment of asking: it may change while the bot runs. */
  readonly policy: Policy;
  /** Names of all clusters of the configuration. */
  clusters: readonly string[];
  remedies: readonly RemedyKind[];
  onFile: OnFile;
  captures: Captures;
  /** The slash command, with its slash. */
  commandName: string;
  botUser: string;
  /** How the bot is called in a thread: `@dns-medic`. */
  mentionName: string;
  /** How long a check may take. */
  timeoutMs: number;
  /** Opens and changes views: what a person waits for. */
  asking: WebClient;
  /** Tells people what became of their wish. */
  telling: WebClient;
  log: SlackLog;
  onRequest(request: RequestSeen): void;
}
