/** Slack's times, in milliseconds; tests shorten them. */
export interface Timing {
  /** What must be acknowledged, must be within this. */
  ack: number;
  trigger: number;
  responseUrl: number;
  /** When an event that was not acknowledged is sent again. */
  retries: readonly number[];
  /** From the warning of a refresh to the refresh. */
  refreshWarning: number;
  /** Between pings of a socket. */
  ping: number;
  /** Until an uploaded file shows in its channel. */
  fileShare: number;
}

export const SLACK_TIMING: Timing = {
  ack: 3_000,
  trigger: 3_000,
  responseUrl: 30 * 60_000,
  retries: [0, 60_000, 300_000],
  refreshWarning: 10_000,
  ping: 10_000,
  fileShare: 50,
};

/** Slack's rate limits. */
export interface Rates {
  /** Milliseconds from one message to the next in a channel. */
  channelEvery: number;
  /** So many may come at once before that holds. */
  channelBurst: number;
  /** Calls a minute, by method, for the whole app. What is not named here has no limit. */
  perMinute: Readonly<Record<string, number>>;
}

const TIER = { one: 30, two: 20, three: 50, four: 100 };

/**
 * What docs.slack.dev promises at least; Slack may let more through. apps.connections.open is Tier 1 ("1+"), which an app that reconnects
 * passes in practice: it has 30 here.
 */
export const SLACK_RATES: Rates = {
  channelEvery: 1_000,
  channelBurst: 3,
  perMinute: {
    'apps.connections.open': TIER.one,
    'chat.postMessage': 300,
    'chat.postEphemeral': TIER.four,
    'chat.update': TIER.three,
    'chat.delete': TIER.three,
    'conversations.info': TIER.three,
    'conversations.history': TIER.three,
    'conversations.replies': TIER.three,
    'conversations.members': TIER.four,
    'users.info': TIER.four,
    'usergroups.list': TIER.two,
    'usergroups.users.list': TIER.two,
    'views.open': TIER.four,
    'views.update': TIER.four,
    'views.push': TIER.four,
    'views.publish': TIER.four,
    'files.getUploadURLExternal': TIER.four,
    'files.completeUploadExternal': TIER.four,
    'reactions.add': TIER.three,
    'assistant.threads.setStatus': 600,
  },
};
