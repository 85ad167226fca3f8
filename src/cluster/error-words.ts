/** The message of whatever was thrown. By shape, not by class: an error may come from another realm (a Jest test, a worker). */
export function messageOf(error: unknown): string {
  return isObject(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
}

/** The code of an error or of the nearest cause that has one (`ECONNREFUSED`); looks at most five deep. */
export function codeOf(error: unknown): string | null {
  let cause: unknown = error;
  for (let depth = 0; depth < 5 && isObject(cause); depth += 1) {
    if (typeof cause['code'] === 'string') return cause['code'];
    cause = Array.isArray(cause['errors']) ? cause['errors'][0] : cause['cause'];
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
