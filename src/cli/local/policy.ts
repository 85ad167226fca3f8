import { hostname, userInfo } from 'node:os';
import type { By } from '../../access/changes/life.ts';
import type { Target } from '../../config/load.ts';
import type { ChangeRule, Policy } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';

/** Whoever sits at the terminal, as this machine knows them: `ada@laptop`; after `sudo` also who was before: `root@node-1 (ada)`. */
export function terminalUser(env: { SUDO_USER?: string | undefined } = process.env): string {
  let name = 'unknown';
  try {
    name = userInfo().username;
  } catch {
    // a container may know no name for its uid
    name = `uid-${process.getuid?.() ?? 'unknown'}`;
  }
  const before = env.SUDO_USER ?? '';
  return `${name}@${hostname()}${before === '' || before === name ? '' : ` (${before})`}`;
}

const TEAM = 'terminal';

/** The one at the terminal, as an order knows a person. */
export const terminalBy = (user: string): By => ({
  person: { user, team: TEAM, isBot: false, isDeleted: false, isGuest: false, isStranger: false, groups: [] },
  channel: { id: TEAM, kind: 'direct', isShared: false },
});

/** The one at the terminal, as the audit knows an actor. */
export const terminalActor = (user: string): AuditEntry['actor'] => ({ kind: 'terminal', id: user });

/** Where no rule fits: as in Slack, but for the number of people. */
const ANY: ChangeRule = {
  clusters: ['*'],
  environments: null,
  remedies: null,
  people: null,
  reason: null,
  typeName: null,
  by: null,
  freeze: [],
};

/**
 * The gates that hold at a terminal: read-only clusters, freezes, a reason, the typed name. Nobody else approves there: whoever has credentials
 * for the cluster may change it anyhow.
 */
export const terminalPolicy = ({ name, environment, readOnly }: Target, policy: Policy | null, user: string): Policy => ({
  team: TEAM,
  rules: [{ clusters: [name], users: [user], groups: [], channels: ['any'], may: ['request', 'approve'] }],
  changes: [...(policy?.changes ?? []), ANY].map((rule) => ({ ...rule, people: 1, by: null })),
  environments: environment === undefined ? {} : { [name]: environment },
  readOnly: readOnly === true ? [name] : [],
});
