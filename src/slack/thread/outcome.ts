import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/**
 * What became of a write. `wait`: not done, and may be done after `ms`. `unsure`: it may or may not have been done. `gone`: what it was
 * about is no longer there (`message`), or the place can take no message any more (`place`). `blocks`: Slack refuses these blocks.
 */
export type Written =
  | { kind: 'done'; ts: string }
  | { kind: 'wait'; ms: number; limited: boolean; error: string }
  | { kind: 'unsure'; error: string }
  | { kind: 'gone'; what: 'message' | 'place'; error: string }
  | { kind: 'blocks'; error: string };

const noMessage = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
const noBlocks = new Set(['invalid_blocks', 'invalid_blocks_format', 'block_mismatch', 'msg_too_long', 'msg_blocks_too_long', 'no_text']);
/** Slack's own troubles, which come as an answer. */
const passing = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org', 'ratelimited']);

/** Codes of a connection that was never made: nothing was sent. */
const notSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function codeOf(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 4) return null;
  const { code, cause, original } = error as { code?: unknown; cause?: unknown; original?: unknown };
  if (typeof code === 'string' && notSent.has(code)) return code;
  return codeOf(cause, depth + 1) ?? codeOf(original, depth + 1);
}

function refusalOf(error: string): Written {
  if (noBlocks.has(error)) return { kind: 'blocks', error };
  if (noMessage.has(error)) return { kind: 'gone', what: 'message', error };
  // the token may be changed, Slack may mend itself: nothing of the run is lost by waiting
  if (passing.has(error)) return { kind: 'unsure', error };
  if (/^(invalid_auth|not_authed|account_inactive|token_|accesslimited|access_denied|missing_scope)/.test(error))
    return { kind: 'wait', ms: 30_000, limited: false, error };
  return { kind: 'gone', what: 'place', error };
}

function troubleOf(error: unknown): Written {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'wait', ms: error.retryAfter * 1000, limited: true, error: 'ratelimited' };
  if (error instanceof WebAPIPlatformError) return refusalOf(error.data.error);
  if (error instanceof WebAPIHTTPError) return { kind: 'unsure', error: `HTTP ${error.statusCode}` };
  const code = codeOf(error);
  if (code !== null) return { kind: 'wait', ms: 0, limited: false, error: code };
  if (error instanceof WebAPIRequestError) return { kind: 'unsure', error: 'no answer' };
  return { kind: 'unsure', error: error instanceof Error ? error.name : 'unknown' };
}

/** What became of a call that posts or updates a message. Never rejects. */
export async function outcomeOf(call: Promise<{ ts?: string | undefined }>): Promise<Written> {
  try {
    const { ts } = await call;
    return ts === undefined ? { kind: 'unsure', error: 'an answer without ts' } : { kind: 'done', ts };
  } catch (error) {
    return troubleOf(error);
  }
}
