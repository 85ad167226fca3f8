import { CHAT_CHANGE } from './chat-change.ts';
import { CHAT_POST } from './chat-post.ts';
import { CONVERSATIONS } from './conversations.ts';
import { FILES } from './files.ts';
import type { Methods } from './method.ts';
import { PEOPLE } from './people.ts';
import { VIEWS } from './views.ts';

/** The methods of the Web API that the look-alike speaks. */
export const METHODS: Methods = { ...CHAT_POST, ...CHAT_CHANGE, ...CONVERSATIONS, ...FILES, ...PEOPLE, ...VIEWS };
