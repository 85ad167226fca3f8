import { describe, expect, test } from '@jest/globals';
import { deleteCorednsPod } from '../../src/remedies/delete-coredns-pod.ts';
import { corednsIPs, lookupsWhere, lost } from '../checks/evidence.ts';
import { budgetJson, planContext, podJson } from './plan-world.ts';

const plan = (pod: string, ...given: Parameters<typeof planContext>) => deleteCorednsPod.plan(planContext(...given), { pod });
const sick = [podJson('coredns-a', 0, { ready: false }), podJson('coredns-b', 1)];

describe('the plan to replace one pod', () => {
  test('a ready pod that does not answer goes', async () => {
    const silent = lookupsWhere((row) => (row.server === corednsIPs[0] ? lost() : null));
    expect(await plan('coredns-a', { lookups: silent })).toMatchObject({
      risk: 'disruptive',
      helps: 'coredns-a is ready but does not answer as the others do',
      pods: [{ name: 'coredns-a', uid: 'uid-coredns-a' }],
      objects: [{ does: 'delete', object: { kind: 'Pod', name: 'coredns-a' } }],
    });
  });

  test('a pod that is not ready serves nobody: that it goes is safe, whatever it answers', async () => {
    const silent = lookupsWhere((row) => (row.server === corednsIPs[0] ? lost() : null));
    expect(await plan('coredns-a', { lookups: silent }, { pods: sick })).toMatchObject({ risk: 'safe', warnings: [] });
  });

  test('says so when nothing is wrong with it', async () => {
    expect(await plan('coredns-b')).toMatchObject({ helps: 'nothing was found to be wrong with this pod' });
  });

  test('the last pod that is ready, or that answers, stays', async () => {
    expect(await plan('coredns-b', {}, { pods: sick })).toMatchObject({
      why: 'unsafe',
      says: expect.stringMatching(/no other CoreDNS pod is ready/),
    });
    const silent = lookupsWhere((row) => (row.server === corednsIPs[0] ? lost() : null));
    expect(await plan('coredns-b', { lookups: silent })).toMatchObject({
      why: 'unsafe',
      says: expect.stringMatching(/no other CoreDNS pod answers/),
    });
  });

  test('of a single pod: scale first', async () => {
    const pods = [podJson('coredns-a', 0)];
    expect(await plan('coredns-a', {}, { pods })).toMatchObject({ why: 'unsafe', offers: [{ id: 'scale-coredns' }] });
  });

  test('a budget that keeps a ready pod lets one go that is not, as the API server does', async () => {
    expect(await plan('coredns-a', {}, { budgets: [budgetJson('coredns', 0)] })).toMatchObject({ why: 'unsafe' });
    expect(await plan('coredns-a', {}, { pods: sick, budgets: [budgetJson('coredns', 0)] })).toMatchObject({ risk: 'safe' });
    const starved = {
      ...budgetJson('coredns', 0),
      status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2, expectedPods: 2 },
    };
    expect(await plan('coredns-a', {}, { pods: sick, budgets: [starved] })).toMatchObject({ why: 'unsafe' });
    const lenient = { ...starved, spec: { selector: {}, unhealthyPodEvictionPolicy: 'AlwaysAllow' } };
    expect(await plan('coredns-a', {}, { pods: sick, budgets: [lenient] })).toMatchObject({ risk: 'safe' });
  });

  test('there is no such pod', async () => {
    expect(await plan('coredns-z')).toMatchObject({
      why: 'not-needed',
      says: 'there is no CoreDNS pod coredns-z, or it is ending already',
    });
  });

  test('a name that could be none is refused before anything is read', () => {
    expect(deleteCorednsPod.params.safeParse({ pod: '../../secrets' }).success).toBe(false);
    expect(deleteCorednsPod.params.safeParse({ pod: 'coredns-758f4459b8-8jnbm' }).success).toBe(true);
    expect(deleteCorednsPod.params.safeParse({ pod: 'coredns-a', force: 'yes' }).success).toBe(false);
  });
});
