import { createHash } from 'node:crypto';

/** SHA-512 of the text's UTF-8 bytes, in lower-case hex. */
export function sha512Hex(text: string): string {
  return createHash('sha512').update(text, 'utf8').digest('hex');
}
