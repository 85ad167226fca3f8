import { createHmac, timingSafeEqual } from 'node:crypto';
import { secretsOf, type Secrets } from './sign.ts';

/** So that what was sealed is worth nothing as an order, nor the other way round. */
const DOMAIN = 'dns-medic/order-life/v1\n';

const mac = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(DOMAIN).update(text, 'utf8').digest();

/**
 * Seals what bots and workers write of an order's life, with the secrets that also sign orders: Redis is no proof of who approved what. `make`
 * gives 64 hexadecimal digits; `holds` says whether one of the secrets made them of this text. Throws a UsageError for a secret that is too short.
 */
export function sealOf(secrets: Secrets): { make(text: string): string; holds(text: string, seal: string): boolean } {
  const [first, ...rest] = secretsOf(secrets);
  return {
    make: (text) => mac(first, text).toString('hex'),
    holds: (text, seal) => {
      if (!/^[0-9a-f]{64}$/.test(seal)) return false;
      const given = Buffer.from(seal, 'hex');
      return [first, ...rest].map((secret) => timingSafeEqual(mac(secret, text), given)).includes(true);
    },
  };
}
