/** An error that a person can act on: what is wrong (`message`) and what to do next (`next`). Its `reason` sorts it for a reading. */
export class Failure extends Error {
  readonly reason: 'forbidden' | 'timeout' | 'missing' | 'error' | 'skipped';
  /** The RBAC rule that would allow what was refused. */
  readonly allow: string | undefined;
  /** The HTTP status that the API server refused it with; undefined where no answer came. */
  readonly status: number | undefined;
  constructor(
    reason: Failure['reason'],
    message: string,
    options: { cause?: unknown; allow?: string | undefined; status?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'Failure';
    this.reason = reason;
    this.allow = options.allow;
    this.status = options.status;
  }
}

/** Wrong usage or configuration: ends the command with exit status 64. */
export class UsageError extends Error {
  override name = 'UsageError';
}
