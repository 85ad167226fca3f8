import { group, name, user, type Words } from '../text/words.ts';

/** Who sees a message: one person (ephemeral), or everyone in the channel, where a mention would call those who are named. */
export type Audience = 'one' | 'all';

/** A person as this audience may be shown them. */
export const personFor = (audience: Audience, id: string): Words => (audience === 'one' ? user(id) : name(id, 40));

/** A user group as this audience may be shown it. */
export const groupFor = (audience: Audience, id: string): Words => (audience === 'one' ? group(id) : name(id, 40));
