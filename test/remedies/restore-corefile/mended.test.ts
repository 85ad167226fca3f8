import { describe, expect, test } from '@jest/globals';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import { type Known, mended } from '../../../src/remedies/restore-corefile/mended.ts';
import { corefileText, workload } from '../../checks/evidence.ts';

const known = (over: Partial<Known> = {}): Known => ({
  workload: workload({ version: '1.12.4', readiness: { path: '/ready', port: 8181 } }),
  zone: 'cluster.local',
  good: new Set(),
  said: new Set(),
  ...over,
});
const edited = (from: string | RegExp, to: string): string => corefileText.replace(from, to);
const stub = 'corp.example:53 {\n    forward . 10.0.0.9 # ours\n}\n';

describe('what is surely wrong in a Corefile', () => {
  test.each<[string, string, string, Partial<Known>, string]>([
    [
      'an option without effect that is gone',
      edited('      pods insecure\n', '      pods insecure\n      upstream\n'),
      corefileText,
      {},
      'without line 9 (upstream)',
    ],
    [
      'a directive that is not known, without which it is a text that works',
      edited('    errors\n', '    errors\n    lg\n'),
      corefileText,
      { good: new Set([corefileSha512(`${corefileText}${stub}`)]) },
      'without line 3 (lg), which is a text that works',
    ],
    [
      'the plugin that the readiness probe asks',
      edited('    ready\n', ''),
      edited('    ready\n', '').replace('{\n', '{\n    ready\n'),
      {},
      'with the plugin ready, which the readiness probe asks',
    ],
    [
      'the zone',
      edited('cluster.local', 'cluster.example'),
      corefileText,
      {},
      'with the zone cluster.local, which pods ask for, in the place of cluster.example',
    ],
    [
      'that names of the world end nowhere',
      edited('    forward . /etc/resolv.conf\n', ''),
      edited('    forward . /etc/resolv.conf\n', '').replace('{\n', '{\n    forward . /etc/resolv.conf\n'),
      { said: new Set(['no-next-plugin']) },
      'with forward . /etc/resolv.conf',
    ],
    [
      'that it asks itself',
      edited('/etc/resolv.conf', '127.0.0.1 [::1]:53'),
      corefileText,
      { said: new Set(['loop']) },
      'with /etc/resolv.conf in the place of 127.0.0.1 [::1]:53, which is CoreDNS itself',
    ],
  ])('is put right, and nothing else: %s', (_what, sick, well, over, did) => {
    expect(mended(`${sick}${stub}`, known(over))).toEqual({ text: `${well}${stub}`, did: [did] });
  });

  test('is put right in one go where it is more than one thing', () => {
    const sick = edited('    ready\n', '').replace(
      '      pods insecure\n',
      '      resyncperiod 5m\n      pods insecure\n      upstream /etc/resolv.conf # old\n',
    );
    const better = mended(sick, known());
    expect(better?.did).toHaveLength(3);
    expect(corefileSha512(better?.text ?? '')).not.toBeNull();
    expect(better?.text).not.toMatch(/upstream|resyncperiod/);
  });

  test.each<[string, string, Partial<Known>]>([
    ['nothing is wrong', corefileText, {}],
    ['the pods do not run what is left', edited('    errors\n', '    errors\n    lg\n'), { good: new Set(['other', null]) }],
    ['nobody knows what the pods run', edited('    errors\n', '    errors\n    forwrad . /etc/resolv.conf\n'), {}],
    ['a brace is missing', edited('    ready\n', '    ready {\n'), {}],
    ['something else is wrong too', edited('    ready\n', '').replace('cache 30', 'cache 30 {\n      success x\n    }'), {}],
    ['the zone that pods ask for is not known', edited('cluster.local', 'cluster.example'), { zone: null }],
    ['another block serves the zone', `${edited('cluster.local', 'cluster.example')}cluster.local {\n    kubernetes\n}\n`, {}],
    ['a cluster is to know no names of the world', edited('    forward . /etc/resolv.conf\n', ''), {}],
    ['it may ask another program in the pod', edited('/etc/resolv.conf', '127.0.0.1:5353'), { said: new Set(['loop']) }],
    ['it asks another server', edited('/etc/resolv.conf', '10.0.0.2'), { said: new Set(['loop']) }],
    ['the probe asks something else', edited('    ready\n', ''), { workload: workload({ readiness: { path: '/health', port: 8080 } }) }],
    [
      'this CoreDNS still knows the option',
      edited('      pods insecure\n', '      pods insecure\n      upstream\n'),
      { workload: workload({ version: '1.6.9' }) },
    ],
  ])('is not guessed where %s', (_what, text, over) => {
    expect(mended(text, known(over))).toBeNull();
  });
});
