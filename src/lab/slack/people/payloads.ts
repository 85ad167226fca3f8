import { randomUUID } from 'node:crypto';
import type { Lab } from '../lab.ts';
import type { LabUser } from '../world/seed.ts';
import { newResponseUrl, newTrigger } from '../world/triggers.ts';
import { nextTs, type Channel, type Json, type ResponseUrl } from '../world/world.ts';

/** The old way to prove where a request is from. Nobody should look at it. */
const OLD_TOKEN = 'lab-verification-token';

/** What every interaction says of who did it and where. */
export function interaction(lab: Lab, type: string, user: LabUser): Json {
  const { team, app } = lab.world;
  return {
    type,
    token: OLD_TOKEN,
    team: { id: team.id, domain: team.domain },
    user: { id: user.id, name: user.name, username: user.name, team_id: user.team },
    api_app_id: app.id,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** An event, in the envelope that the Events API puts around it. */
export function eventPayload(lab: Lab, event: Json, channel: Channel | null): Json {
  const { team, app } = lab.world;
  return {
    token: OLD_TOKEN,
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event: { ...event, event_ts: nextTs(lab.world) },
    type: 'event_callback',
    event_id: `Ev${randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()}`,
    event_time: Math.floor(Date.now() / 1_000),
    authorizations: [{ enterprise_id: null, team_id: team.id, user_id: app.botUser, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: channel?.shared ?? false,
  };
}

const NAMES: Readonly<Record<Channel['kind'], (channel: Channel) => string>> = {
  public: ({ name }) => name,
  private: () => 'privategroup',
  im: () => 'directmessage',
  mpim: ({ name }) => name,
};

/** The name of a conversation as payloads tell it: private ones have none there. */
export const spokenName = (channel: Channel): string => NAMES[channel.kind](channel);

export function commandPayload(lab: Lab, user: LabUser, channel: Channel, command: string, text: string): Json & Opened {
  const { team, app } = lab.world;
  return {
    token: OLD_TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: spokenName(channel),
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    ...opened(lab, { channel: channel.id, user: user.id, message: null, threadTs: null }),
  };
}

/** The rights that a person's act gives to the app. */
export interface Opened {
  response_url: string;
  trigger_id: string;
}

/** A new trigger_id, and a new response_url for the place. */
export function opened(lab: Lab, where: Omit<ResponseUrl, 'at' | 'uses'>): Opened {
  return {
    response_url: `${lab.address()}/response/${newResponseUrl(lab.world, where)}`,
    trigger_id: newTrigger(lab.world, where.user),
  };
}
