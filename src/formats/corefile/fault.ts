/** Why CoreDNS would not start with a Corefile. `line` counts from 1; `message` is CoreDNS' own, without file, line and "Error during parsing". */
export interface CorefileFault {
  line: number;
  message: string;
  kind: 'syntax' | 'directive' | 'option';
}

/** A fault found while a Corefile is read. `stage`: in which step of CoreDNS' start it comes up. */
export interface SyntaxFault extends CorefileFault {
  kind: 'syntax';
  stage: 'parse' | 'keys' | 'serve';
}

/** Long enough for any message of CoreDNS'; the words in it come from the cluster. */
const longestMessage = 300;

export function faultOf<Kind extends CorefileFault['kind']>(kind: Kind, line: number, message: string): CorefileFault & { kind: Kind } {
  return { line, message: message.slice(0, longestMessage), kind };
}

/** Ends the reading of a Corefile; never leaves this folder. */
export class Unreadable extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = Math.max(line, 1);
  }
}
