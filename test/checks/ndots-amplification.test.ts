import { describe, expect, test } from '@jest/globals';
import type { QueryStats } from '../../src/domain/coredns.ts';
import check from '../../src/checks/ndots-amplification.ts';
import { corednsLogs, healthyFacts, namedPod, resolvConf } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

type Client = QueryStats['clients'][number];
const s3 = { name: 's3.eu-west-1.amazonaws.com', queries: 1000, wasted: 800, dots: 3 };
const short = { name: 'amazon.com', queries: 1000, wasted: 800, dots: 1 };
const client = (over: Partial<Client> = {}): Client => ({
  ip: '10.0.1.50',
  queries: 2000,
  wasted: 1600,
  names: [s3, short],
  neededDots: [],
  ...over,
});
const logged = (clients: Client[], over: Partial<QueryStats> = {}) =>
  corednsLogs(undefined, {
    queries: { lines: 2000, spanSeconds: 100, rcodes: { NXDOMAIN: 1600, NOERROR: 400 }, upstreamFailed: 0, slow: 0, clients, ...over },
  });
const facts = (clients: Client[], over: object = {}, stats: Partial<QueryStats> = {}) =>
  healthyFacts({ 'coredns-logs': logged(clients, stats), ...over });

describe('ndots-amplification', () => {
  test('a chatty pod is found, with what one lookup costs and what ndots saves', () => {
    const finding = theFinding(check, facts([client()]));
    expect(finding).toMatchObject({ severity: 'medium', variant: 'ndots', subject: { kind: 'Pod', name: 'cart-1' } });
    expect(finding.args).toMatchObject({
      share: 80,
      perSecond: 16,
      perLookup: 5,
      ndots: 5,
      wanted: 1,
      saved: 16,
      names: [s3.name, short.name],
    });
    expect(finding.remedies).toEqual([{ id: 'set-ndots', params: { value: 1 } }]);
    expect(check.explains).toEqual(['diagnostic-log-left-on']);
  });

  test('names that need the search path keep ndots above them', () => {
    expect(theFinding(check, facts([client({ neededDots: [0, 1] })])).args).toMatchObject({ wanted: 2, saved: 8 });
  });

  test('musl, or a libc that is not known, keeps svc.namespace searchable', () => {
    expect(theFinding(check, facts([client()], { pod: namedPod({ libc: 'musl' }) })).args).toMatchObject({ wanted: 2 });
    expect(theFinding(check, facts([client()], { pod: namedPod({ libc: null }) })).args).toMatchObject({ wanted: 2 });
  });

  test('where ndots gains nothing, a dot at the end is advised', () => {
    const finding = theFinding(check, facts([client({ names: [short], neededDots: [2] })]));
    expect(finding).toMatchObject({ variant: 'dot', remedies: [] });
    const low = theFinding(check, facts([client()], { pod: namedPod({ resolvConf: resolvConf({ ndots: 1 }) }) }));
    expect(low.variant).toBe('dot');
  });

  test('with a pod named, other clients are not the complaint', () => {
    expect(judge(check, facts([client({ ip: '10.0.9.9' })])).status).toBe('passed');
  });

  test('with none named, the worst client is found by its address', () => {
    const { pod: _pod, ...noPod } = facts([client({ ip: '10.0.9.9' })]);
    const finding = theFinding(check, noPod);
    expect(finding.subject).toEqual({ kind: 'Client', name: '10.0.9.9' });
    expect(finding.args).toMatchObject({ perLookup: 5, wanted: 2 });
  });

  test('a pod on the host network is not told from its node', () => {
    expect(judge(check, facts([client()], { pod: namedPod({ hostNetwork: true }) })).status).toBe('passed');
  });

  test('little waste, or a look too short to tell, is no fault', () => {
    expect(judge(check, facts([client({ wasted: 90, queries: 110 })])).status).toBe('passed');
    expect(judge(check, facts([client({ wasted: 400 })])).status).toBe('passed');
    expect(judge(check, facts([client()], {}, { lines: 49 })).status).toBe('passed');
    expect(judge(check, facts([client()], {}, { spanSeconds: 0 })).status).toBe('passed');
    expect(judge(check, facts([client()], {}, { lines: 199, spanSeconds: 4 })).status).toBe('passed');
  });

  test('many lines tell enough, however short the time they fit into', () => {
    expect(judge(check, facts([client()], {}, { lines: 200, spanSeconds: 4 })).status).toBe('found');
  });

  test('without a query log there is nothing to judge', () => {
    expect(judge(check, healthyFacts()).status).toBe('not-applicable');
  });
});
