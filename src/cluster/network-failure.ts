import { Failure, UsageError } from '../base/failure.ts';
import { codeOf, messageOf } from './error-words.ts';
import { oneLine } from './redact.ts';

const CONNECT_TIMEOUT = 'no answer to the connection attempt (a firewall, a VPN that is off, a private endpoint?)';
const WRONG_AUTHORITY = "the server's certificate is not signed by the authority of the kubeconfig";

/** What a code of Node, OpenSSL or undici means to the person who waits. */
const WORDS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection was closed by the other side',
  UND_ERR_CONNECT_TIMEOUT: CONNECT_TIMEOUT,
  ETIMEDOUT: CONNECT_TIMEOUT,
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ENOTFOUND: "the server's name cannot be resolved",
  EAI_AGAIN: "the server's name cannot be resolved now: the resolver does not answer",
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet (a wrong clock?)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: WRONG_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: WRONG_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: WRONG_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: WRONG_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: WRONG_AUTHORITY,
  CERT_SIGNATURE_FAILURE: WRONG_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS there',
  EPROTO: 'the TLS handshake failed',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the server wants a client certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the server does not know the authority of the client certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the server refused the client certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the client certificate has expired',
  UND_ERR_DESTROYED: 'the connection to the cluster was closed by this program',
  UND_ERR_CLOSED: 'the connection to the cluster was closed by this program',
};

/** Worth another try: the connection broke, the request itself is not to blame. */
const RESETS = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The connection broke in the middle of something, as it does when an API server restarts or a load balancer drops it. */
export function isReset(error: unknown): boolean {
  return RESETS.has(codeOf(error) ?? '');
}

/** Makes a `Failure` of an error of the network; a `Failure` stays what it is. `server` is named in it. */
export function networkFailure(error: unknown, server: string): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof UsageError) return new Failure('error', error.message, { cause: error });
  const code = codeOf(error);
  const words = code === null ? undefined : WORDS[code];
  const said = words ?? oneLine(messageOf(error));
  const reason = words === CONNECT_TIMEOUT ? 'timeout' : 'error';
  return new Failure(reason, `${server}: ${said}${code === null ? '' : ` (${code})`}`, { cause: error });
}
