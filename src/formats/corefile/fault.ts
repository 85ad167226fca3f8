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

/** Ends the reading of a Corefile; never leaves this folder. */
export class Unreadable extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = Math.max(line, 1);
  }
}
