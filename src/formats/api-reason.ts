/** Why a client of the API server failed, from the text of its error (the same client-go words in CoreDNS and kube-proxy). */

export type ApiFailure = 'forbidden' | 'unauthorized' | 'cert' | 'name' | 'refused' | 'timeout' | 'other';

/** The first that fits wins: a name that was looked up in vain may also say "i/o timeout", and a refused request quotes whatever it asked for. */
const reasons: [ApiFailure, RegExp][] = [
  ['forbidden', /is forbidden: /],
  ['unauthorized', /: Unauthorized(?:$|["\\ ])|"Unauthorized"|You must be logged in to the server/],
  ['cert', /x509: |tls: (?:bad|unknown|expired) certificate|certificate has expired/],
  ['name', /dial tcp: lookup |: no such host|server misbehaving/],
  ['refused', /connection refused|no route to host|network is unreachable|host is unreachable/],
  ['timeout', /i\/o timeout|connection timed out|TLS handshake timeout|context deadline exceeded|Client\.Timeout|client connection lost/],
];

const forbidden =
  /is forbidden: User \\?"([^"\\]{1,253})\\?" cannot (\w{1,30}) resource \\?"([^"\\]{1,253})\\?" in API group \\?"([^"\\]{0,253})\\?"/;
const dialled = /dial (?:tcp|udp) (\[[^\]\s]{2,60}\]:\d{1,5}|[\w.-]{1,253}:\d{1,5})/;
const requested = /(?:Get|Post|Put|Patch) \\?"?https?:\/\/([^/\s"\\]{1,253})/;
const lookedUp = /dial tcp: lookup ([\w.-]{1,253})(?: on ([^\s:]{1,60}:\d{1,5}|\[[^\]]{2,60}\]:\d{1,5}))?/;
const kind = /(?:failed to list|Failed to watch) \*([\w.]{1,100})|type=\\?"\*([\w.]{1,100})/;

/** Sorts the error's text. */
export const apiFailure = (text: string): ApiFailure => reasons.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';

/** What the error's text names: server (host:port), host (that could not be looked up), resolver, user, verb, resource, group, kind (Service, EndpointSlice...). */
export function apiFields(text: string): Record<string, string> {
  const [, user, verb, resource, group] = forbidden.exec(text) ?? [];
  const [, host, resolver] = lookedUp.exec(text) ?? [];
  const server = requested.exec(text)?.[1] ?? dialled.exec(text)?.[1];
  const listed = kind.exec(text);
  return present({ server, host, resolver, user, verb, resource, group, kind: (listed?.[1] ?? listed?.[2])?.split('.').at(-1) });
}

/** The fields that there are, none longer than 500 characters. */
export function present(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value.slice(0, 500)]])));
}
