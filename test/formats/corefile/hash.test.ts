import { describe, expect, test } from '@jest/globals';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { block, eks, k3s, kubeadm } from './samples.ts';

describe('the hash of a Corefile', () => {
  test('is the one that CoreDNS logs for the default of EKS', () =>
    expect(corefileSha512(eks)).toBe(
      '8a7d59126e7f114ab49c6d2613be93d8ef7d408af8ee61a710210843dc409f03133727e38f64469d9bb180f396c84ebf48a42bde3b3769730865ca9df5eb281c',
    ));

  test('is the one that CoreDNS logs for the default of kubeadm', () =>
    expect(corefileSha512(kubeadm)).toBe(
      '591cf328cccc12bc490481273e738df59329c62c0b729d94e8b61db9961c2fa5f046dd37f1cf888b953814040d180f52594972691cd6ff41be96639138a43908',
    ));

  test('does not see comments and indentation, but lines', () => {
    expect(corefileSha512(eks.replaceAll(/^ +/gm, '\t').replace('ready', 'ready # here'))).toBe(corefileSha512(eks));
    expect(corefileSha512(`\n${eks}`)).not.toBe(corefileSha512(eks));
  });

  test('is not known where the pod alone knows the text', () => {
    expect(corefileSha512(k3s)).toBeNull();
    expect(corefileSha512(block('forward . {$UPSTREAM}'))).toBeNull();
  });

  test('does not exist for what cannot be parsed, but for what cannot be served', () => {
    expect(corefileSha512('.:53 {\n')).toBeNull();
    expect(corefileSha512('.:53 {\n}\n.:53 {\n}\n')).toMatch(/^[\da-f]{128}$/);
  });

  test('can be had of a Corefile that is parsed already', () => expect(corefileSha512(parseCorefile(eks))).toBe(corefileSha512(eks)));
});
