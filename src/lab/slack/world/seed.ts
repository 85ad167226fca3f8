/** What a person is to the workspace. External people belong to another one and come in by shared channels; strangers share nothing. */
export type UserKind = 'member' | 'guest' | 'single-channel-guest' | 'bot' | 'deactivated' | 'external' | 'stranger';

export interface LabUser {
  id: string;
  name: string;
  realName: string;
  kind: UserKind;
  /** The id of the workspace that the user belongs to. */
  team: string;
  timeZone: string;
  locale: string;
}

export interface LabGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

/** A conversation. The bot is in it when its user is among the members. */
export interface LabChannel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im' | 'mpim';
  /** Shared with another workspace (Slack Connect). */
  shared: boolean;
  /** An invitation to share it stands open. */
  pendingShared: boolean;
  archived: boolean;
  members: string[];
}

/** The app as it is installed. */
export interface LabApp {
  id: string;
  name: string;
  botUser: string;
  botId: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  scopes: string[];
  appScopes: string[];
  /** Slash commands, with the slash. */
  commands: string[];
  /** Callback ids of its message shortcuts. */
  shortcuts: string[];
  /** Events that it has subscribed to. */
  events: string[];
}

/** A workspace and what is in it. */
export interface Seed {
  team: { id: string; name: string; domain: string };
  /** User groups need a paid plan. */
  plan: 'paid' | 'free';
  app: LabApp;
  users: LabUser[];
  groups: LabGroup[];
  channels: LabChannel[];
}

const TEAM = 'T0LAB';
const ELSEWHERE = 'T0PARTNER';
const BOT = 'U0MEDIC';

const user = (id: string, name: string, realName: string, kind: UserKind = 'member', team = TEAM): LabUser => ({
  id,
  name,
  realName,
  kind,
  team,
  timeZone: 'Europe/Berlin',
  locale: 'en-GB',
});

const channel = (id: string, name: string, kind: LabChannel['kind'], members: string[], more: Partial<LabChannel> = {}): LabChannel => ({
  id,
  name,
  kind,
  members,
  shared: false,
  pendingShared: false,
  archived: false,
  ...more,
});

/** The scopes that the app's manifest asks for, optional ones included. */
export const LAB_SCOPES: readonly string[] = [
  'commands',
  'chat:write',
  'app_mentions:read',
  'users:read',
  'channels:read',
  'groups:read',
  'usergroups:read',
  'im:read',
  'channels:history',
  'groups:history',
  'files:write',
];

/**
 * A small workspace with somebody of every kind: Ana and Ben are on call (group S0SRE), Cat is not. The bot is in #incidents, #war-room
 * (private), #partner (shared), #archive (archived) and in direct messages with Ana; it is not in #general and #secret (private).
 */
export function labSeed(): Seed {
  const everyone = ['U0ANA', 'U0BEN', 'U0CAT'];
  return {
    team: { id: TEAM, name: 'Lab', domain: 'lab' },
    plan: 'paid',
    app: {
      id: 'A0MEDIC',
      name: 'dns-medic',
      botUser: BOT,
      botId: 'B0MEDIC',
      botToken: 'xoxb-lab-bot',
      appToken: 'xapp-lab-app',
      signingSecret: 'lab-signing-secret',
      scopes: [...LAB_SCOPES],
      appScopes: ['connections:write'],
      commands: ['/dns'],
      shortcuts: ['dns_check_here'],
      events: ['app_mention', 'app_home_opened'],
    },
    users: [
      user('U0ANA', 'ana', 'Ana Alvarez'),
      user('U0BEN', 'ben', 'Ben Brandt'),
      user('U0CAT', 'cat', 'Cat Cole'),
      user('U0GUEST', 'gil', 'Gil Guest', 'guest'),
      user('U0SINGLE', 'sam', 'Sam Single', 'single-channel-guest'),
      user('U0ROBOT', 'robot', 'Another Robot', 'bot'),
      user('U0GONE', 'gus', 'Gus Gone', 'deactivated'),
      user('U0EXT', 'eva', 'Eva External', 'external', ELSEWHERE),
      user('U0STRANGER', 'stan', 'Stan Stranger', 'stranger', ELSEWHERE),
      user(BOT, 'dns-medic', 'dns-medic', 'bot'),
    ],
    groups: [
      { id: 'S0SRE', handle: 'sre', name: 'Site reliability', users: ['U0ANA', 'U0BEN'] },
      { id: 'S0NET', handle: 'network', name: 'Network', users: ['U0CAT'] },
    ],
    channels: [
      channel('C0INCIDENTS', 'incidents', 'public', [...everyone, 'U0GUEST', 'U0SINGLE', 'U0ROBOT', BOT]),
      channel('C0GENERAL', 'general', 'public', everyone),
      channel('C0WAR', 'war-room', 'private', ['U0ANA', 'U0BEN', BOT]),
      channel('C0SECRET', 'secret', 'private', ['U0ANA']),
      channel('C0PARTNER', 'partner', 'public', [...everyone, 'U0EXT', BOT], { shared: true }),
      channel('C0ARCHIVE', 'archive', 'public', [...everyone, BOT], { archived: true }),
      channel('D0ANA', 'ana', 'im', ['U0ANA', BOT]),
    ],
  };
}
