import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { secretsOf, type Secrets } from './sign.ts';

/** So that this key is worth nothing for orders and their lives, nor theirs here. */
const PURPOSE = 'dns-medic/capture-files/v1';
const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D, 8.2.2: a random nonce of 96 bits serves for up to 2^32 texts of one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32));

function opened(key: Buffer, closed: Uint8Array, about: string): Buffer | null {
  const end = closed.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, closed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(about, 'utf8')).setAuthTag(closed.subarray(end));
  try {
    return Buffer.concat([decipher.update(closed.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    return null;
  }
}

/**
 * Hides what workers hand to bots through Redis, with a key made of the secrets that also sign orders. `close` gives nonce, text and tag of
 * AES-256-GCM, made with the first secret; `open` gives the text back by any of them, and null for what was not closed so, or not under this `about`.
 * Throws a UsageError for a secret that is too short.
 */
export function cipherOf(secrets: Secrets): {
  close(plain: Uint8Array, about: string): Buffer;
  open(closed: Uint8Array, about: string): Buffer | null;
} {
  const [first, ...rest] = secretsOf(secrets).map(keyOf) as [Buffer, ...Buffer[]];
  return {
    close: (plain, about) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, first, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(about, 'utf8'));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open: (closed, about) => {
      if (closed.length < NONCE_BYTES + TAG_BYTES) return null;
      for (const key of [first, ...rest]) {
        const plain = opened(key, closed, about);
        if (plain !== null) return plain;
      }
      return null;
    },
  };
}
