import { createHmac, timingSafeEqual } from 'node:crypto';
import { UsageError } from '../base/failure.ts';
import { RunOrder, SHORTEST_SECRET, SignedOrder } from '../domain/run.ts';

/** The secrets in use. While they are exchanged there are two: the first signs, all verify. */
export type Secrets = string | readonly string[];

/** So that a signature made with the same secret for another purpose is worth nothing here. */
const DOMAIN = 'dns-medic/order/v1\n';

/** The secrets as a list. Throws a UsageError when there is none, or one is too short. */
export function secretsOf(secrets: Secrets): [string, ...string[]] {
  const [first, ...rest] = typeof secrets === 'string' ? [secrets] : secrets;
  if (first === undefined || [first, ...rest].some((secret) => secret.length < SHORTEST_SECRET)) {
    throw new UsageError(`the secret that signs orders is too short: expected at least ${SHORTEST_SECRET} characters`);
  }
  return [first, ...rest];
}

const mac = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(DOMAIN).update(text, 'utf8').digest();

/** The order as text, and the signature of the first secret over it. Throws a UsageError for a secret that is too short. */
export function signOrder(secrets: Secrets, order: RunOrder): SignedOrder {
  const [secret] = secretsOf(secrets);
  const text = JSON.stringify(RunOrder.parse(order));
  return SignedOrder.parse({ order: text, signature: mac(secret, text).toString('hex') });
}

/** Whether one of the secrets signed this text. The time it takes says nothing about how near a wrong signature is. */
export function isSigned(secrets: Secrets, { order, signature }: SignedOrder): boolean {
  const given = Buffer.from(signature, 'hex');
  return secretsOf(secrets)
    .map((secret) => timingSafeEqual(mac(secret, order), given))
    .includes(true);
}
