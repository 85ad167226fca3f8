import type { Json } from './world.ts';

/** Slack's way to say no: a word, and sometimes more. */
export class Refusal extends Error {
  readonly code: string;
  readonly more: Json;
  constructor(code: string, more: Json = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.more = more;
  }
}

/** Arguments that are missing or of the wrong form, with sentences as Slack writes them. */
export function invalidArguments(...messages: string[]): Refusal {
  return new Refusal('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
}
