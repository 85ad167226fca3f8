import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChangeLease, CHANGE_LEASE, holdChangeLease, type LeaseOptions } from '../../../src/cluster/change-lease.ts';
import { connect, type ConnectedCluster } from '../../../src/cluster/connect.ts';

const kubeconfig = process.env['E2E_KUBECONFIG'];
const onCluster = kubeconfig ? describe : describe.skip;
const namespace = 'dns-medic-lease-test';
const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${CHANGE_LEASE}`;

onCluster('one change at a time in a cluster (E2E_KUBECONFIG)', () => {
  let cluster: ConnectedCluster;
  beforeAll(async () => {
    cluster = await connect({ kind: 'kubeconfig', file: kubeconfig!, context: null }, process.env);
    await cluster.create('/api/v1/namespaces', { metadata: { name: namespace } }).catch(() => undefined);
  });
  afterAll(async () => {
    await cluster.delete(`/api/v1/namespaces/${namespace}`).catch(() => undefined);
    await cluster.close();
  });

  const hold = (holder: string, more: Partial<LeaseOptions> = {}): Promise<ChangeLease> =>
    holdChangeLease(cluster, { namespace, holder, change: holder.repeat(8), waitMs: 1, signal: AbortSignal.timeout(60_000), ...more });

  test('of ten at once one gets it; the next one when it is given back', async () => {
    const tried = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => hold(`w${at}`)));
    const held = tried.filter((one) => one.status === 'fulfilled');
    expect(held).toHaveLength(1);
    await held[0]?.value.release();
    const next = await hold('next');
    expect((await cluster.get(path))['spec']).toMatchObject({ holderIdentity: 'next' });
    await next.release();
    expect((await cluster.get(path))['spec']['holderIdentity'] ?? '').toBe('');
  });

  test('one who may not wait learns which order is being carried out', async () => {
    const first = await hold('busy');
    await expect(hold('late')).rejects.toThrow(/order busybusybu is being carried out in this cluster by busy/);
    await first.release();
  });

  test('it is taken over only from a holder that has been silent for its whole duration, whatever its clock says', async () => {
    const first = await hold('dead');
    await first.release();
    // a holder whose clock is an hour behind, and that fell silent just now
    const renewTime = new Date(Date.now() - 3_600_000).toISOString().replace(/Z$/, '000Z');
    const spec = { holderIdentity: 'dead', renewTime, leaseDurationSeconds: 3 };
    await cluster.patch(path, { spec }, 'application/merge-patch+json');
    await expect(hold('hasty', { waitMs: 1_000 })).rejects.toThrow('by dead');
    const waited: string[] = [];
    const second = await hold('heir', { waitMs: 20_000, onWait: (holder) => void waited.push(holder) });
    expect(waited.length).toBeGreaterThanOrEqual(2);
    await second.release();
  });

  test('a holder whose lease was taken learns it and writes no more', async () => {
    const first = await hold('robbed');
    await cluster.patch(path, { spec: { holderIdentity: 'thief' } }, 'application/merge-patch+json');
    await new Promise((resolve) => first.lost.addEventListener('abort', resolve, { once: true }));
    expect(String(first.lost.reason)).toContain('taken by somebody else');
    await first.release();
    expect((await cluster.get(path))['spec']).toMatchObject({ holderIdentity: 'thief' });
  });
});
