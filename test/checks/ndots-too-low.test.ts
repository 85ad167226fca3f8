import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/ndots-too-low.ts';
import { coded, healthyFacts, inPod, lookups, namedPod, resolvConf, throughResolver } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const pod = namedPod({ libc: 'musl', resolvConf: resolvConf({ ndots: 1 }) });
const short = (isFound: boolean, ...more: ReturnType<typeof inPod>[]) =>
  lookups([inPod(), throughResolver('kubernetes.default', 'search', isFound), ...more]);

describe('ndots-too-low', () => {
  test('musl with ndots 1 that does not find svc.namespace is found', () => {
    const finding = theFinding(check, healthyFacts({ pod, lookups: short(false) }));
    expect(finding).toMatchObject({ severity: 'high', args: { ndots: 1, names: ['kubernetes.default'], wanted: 2 } });
    expect(finding.remedies).toEqual([{ id: 'set-ndots', params: { value: 2 } }]);
  });

  test('the recommended value is as high as the asked names need', () => {
    const asked = throughResolver('cart.shop.svc', 'asked', false);
    expect(
      theFinding(check, healthyFacts({ pod: { ...pod, resolvConf: resolvConf({ ndots: 2 }) }, lookups: short(true, asked) })).args,
    ).toMatchObject({ wanted: 3 });
  });

  test('a name that is found passes, and so does one that is searched', () => {
    expect(judge(check, healthyFacts({ pod, lookups: short(true) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ pod: { ...pod, resolvConf: resolvConf() }, lookups: short(false) })).status).toBe('passed');
  });

  test('glibc tries the search path all the same', () => {
    expect(judge(check, healthyFacts({ pod: { ...pod, libc: 'glibc' }, lookups: short(false) })).status).toBe('not-applicable');
    expect(judge(check, healthyFacts({ pod: { ...pod, libc: null }, lookups: short(false) })).status).toBe('not-applicable');
  });

  test('when full names fail, too, it is not the search path', () => {
    const rows = [inPod(coded('SERVFAIL')), throughResolver('kubernetes.default', 'search', false)];
    expect(judge(check, healthyFacts({ pod, lookups: lookups(rows) })).status).toBe('passed');
  });

  test('a pod that was not looked into cannot be judged', () => {
    expect(judge(check, healthyFacts({ pod: { ...pod, resolvConf: null }, lookups: short(false) })).status).toBe('unknown');
  });
});
