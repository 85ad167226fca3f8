import type { Lab } from '../lab.ts';
import { Refusal } from '../world/refusal.ts';
import type { LabGroup, LabUser } from '../world/seed.ts';
import type { Json } from '../world/world.ts';
import { flag, needed, type Args } from './arguments.ts';
import type { Methods } from './method.ts';

function authTest(lab: Lab): Json {
  const { team, app } = lab.world;
  return {
    url: `https://${team.domain}.slack.example/`,
    team: team.name,
    user: app.name,
    team_id: team.id,
    user_id: app.botUser,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}

function userInfo(lab: Lab, args: Args): Json {
  const user = lab.world.users.get(needed(args, 'user'));
  if (user === undefined) throw new Refusal('user_not_found');
  return { user: userJson(user, flag(args, 'include_locale')) };
}

/** A user as users.info gives them. A stranger is one who shares no channel; external people in a shared channel are none. */
export function userJson(user: LabUser, withLocale: boolean): Json {
  const guest = user.kind === 'guest' || user.kind === 'single-channel-guest';
  return {
    id: user.id,
    team_id: user.team,
    name: user.name,
    real_name: user.realName,
    deleted: user.kind === 'deactivated',
    tz: user.timeZone,
    tz_label: user.timeZone,
    tz_offset: 3600,
    profile: { real_name: user.realName, display_name: user.name, team: user.team },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: guest,
    is_ultra_restricted: user.kind === 'single-channel-guest',
    is_bot: user.kind === 'bot',
    is_app_user: false,
    ...(user.kind === 'stranger' ? { is_stranger: true } : {}),
    updated: 1_790_000_000,
    ...(withLocale ? { locale: user.locale } : {}),
  };
}

function needsPlan(lab: Lab): void {
  if (lab.world.plan === 'free') throw new Refusal('plan_upgrade_required');
}

function groupList(lab: Lab, args: Args): Json {
  needsPlan(lab);
  const withUsers = flag(args, 'include_users');
  return { usergroups: [...lab.world.groups.values()].map((group) => groupJson(lab, group, withUsers)) };
}

const groupJson = (lab: Lab, group: LabGroup, withUsers: boolean): Json => ({
  id: group.id,
  team_id: lab.world.team.id,
  is_usergroup: true,
  name: group.name,
  handle: group.handle,
  date_delete: 0,
  user_count: group.users.length,
  ...(withUsers ? { users: group.users } : {}),
});

function groupUsers(lab: Lab, args: Args): Json {
  needsPlan(lab);
  const group = lab.world.groups.get(needed(args, 'usergroup'));
  if (group === undefined) throw new Refusal('no_such_subteam');
  const gone = (id: string): boolean => lab.world.users.get(id)?.kind === 'deactivated';
  return { users: group.users.filter((id) => flag(args, 'include_disabled') || !gone(id)) };
}

function openConnection(lab: Lab): Json {
  return { url: lab.sockets.open() };
}

export const PEOPLE: Methods = {
  'auth.test': { token: 'bot', scope: null, run: authTest },
  'users.info': { token: 'bot', scope: 'users:read', run: userInfo },
  'usergroups.list': { token: 'bot', scope: 'usergroups:read', run: groupList },
  'usergroups.users.list': { token: 'bot', scope: 'usergroups:read', run: groupUsers },
  'apps.connections.open': { token: 'app', scope: 'connections:write', run: openConnection },
};
