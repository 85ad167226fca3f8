import { Failure } from '../base/failure.ts';
import { accessOf, type AccessAsked, type PathAsked, refusal, ruleLine } from './rbac-rule.ts';
import { oneLine } from './redact.ts';

/** An HTTP answer that is not a success, and what was asked. `body` is at most some kilobytes of it. */
export interface RefusedAnswer {
  method: string;
  path: string;
  status: number;
  body: string;
}

/** Makes the `Failure` of an answer that is not a success. The whole body never gets into the message. */
export function statusFailure(answer: RefusedAnswer): Failure {
  const { status } = answer;
  const said = statusMessage(answer.body);
  if (status === 401)
    return new Failure('error', 'credentials were refused (expired?): the API server answered 401 Unauthorized', { status });
  if (status === 403) return forbidden(answer, said);
  if (status === 404) return new Failure('missing', said || `there is no ${answer.path}`, { status });
  const words = `the API server answered ${status} to ${answer.method} ${answer.path}${said ? `: ${said}` : ''}`;
  return new Failure(status === 408 || status === 504 ? 'timeout' : 'error', words, { status });
}

/** The message of a Kubernetes `Status`, else the first line of the body. */
export function statusMessage(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string')
      return oneLine(parsed.message);
  } catch {
    // not JSON: an answer of a proxy on the way, or of the program behind a proxy subresource
  }
  return oneLine(body.trimStart().split('\n', 1)[0] ?? '');
}

/** A refusal by RBAC names what to allow; one by an admission plugin (PodSecurity, quota) is a 403 too and only has its own words. */
function forbidden(answer: RefusedAnswer, said: string): Failure {
  const byRbac = rbacRefusal(said) ?? pathRefusal(said);
  if (byRbac) return accessFailure(byRbac.asked, byRbac.user);
  if (/ is forbidden: /.test(said) || /denied the request/.test(said)) return new Failure('forbidden', said, { status: 403 });
  return accessFailure(accessOf(answer.method, answer.path), null);
}

/** The `Failure` of an access that the authorizer refused. Exec by websocket is authorised as `get` up to 1.34 and as `create` too since. */
export function accessFailure(asked: AccessAsked | PathAsked, user: string | null): Failure {
  const upgraded = 'resource' in asked && /^pods\/(?:exec|attach|portforward)$/.test(asked.resource);
  return new Failure('forbidden', refusal(asked, user), {
    allow: ruleLine(asked, upgraded ? ['get', 'create'] : [asked.verb]),
    status: 403,
  });
}

type Refusal = { asked: AccessAsked | PathAsked; user: string };

/** The authorizer's sentence: k8s.io/apiserver, endpoints/handlers/responsewriters/errors.go `forbiddenMessage`. */
const RBAC =
  /User "([^"]{0,300})" cannot ([a-z]{1,40}) resource "([^"]{1,200})" in API group "([^"]{0,200})"(?: in the namespace "([^"]{1,100})")?/;

function rbacRefusal(said: string): Refusal | null {
  const match = RBAC.exec(said);
  if (!match) return null;
  const [, user = '', verb = '', resource = '', group = '', namespace = null] = match;
  return { asked: { verb, group, resource, namespace, name: null }, user };
}

function pathRefusal(said: string): Refusal | null {
  const match = /User "([^"]{0,300})" cannot ([a-z]{1,40}) path "([^"]{1,500})"/.exec(said);
  return match ? { asked: { verb: match[2]!, path: match[3]! }, user: match[1]! } : null;
}
