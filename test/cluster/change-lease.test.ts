import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { CAPTURE_LEASES, type ChangeLease, holdChangeLease, type LeaseOptions } from '../../src/cluster/change-lease.ts';
import type { ClusterPort, Json } from '../../src/cluster/port.ts';
import { fakePort } from './fake-port.ts';

/** An API server that keeps Leases, and refuses what was written on another version. */
function leases() {
  const kept = new Map<string, Json>();
  const made: Json[] = [];
  let version = 0;
  const put = (path: string, lease: Json): Json => {
    version += 1;
    const whole = { ...lease, metadata: { ...lease['metadata'], resourceVersion: String(version) } };
    kept.set(path, whole);
    return whole;
  };
  const conflict = (): Failure => new Failure('error', 'the object has been modified', { status: 409 });
  const port: ClusterPort = fakePort({
    get: async (path) => {
      if (path.startsWith('/api/v1/namespaces/')) throw new Failure('missing', 'no such namespace', { status: 404 });
      const lease = kept.get(path);
      if (lease === undefined) throw new Failure('missing', 'no such lease', { status: 404 });
      return lease;
    },
    create: async (path, body) => {
      if (path === '/api/v1/namespaces') return (made.push(body), body);
      const at = `${path}/${String(body['metadata'].name)}`;
      if (kept.has(at)) throw conflict();
      return put(at, body);
    },
    patch: async (path, body) => {
      const lease = kept.get(path) ?? {};
      if (lease['metadata']?.resourceVersion !== body['metadata'].resourceVersion) throw conflict();
      return put(path, { ...lease, spec: { ...lease['spec'], ...body['spec'] }, metadata: { ...lease['metadata'], ...body['metadata'] } });
    },
  });
  const holders = (): string[] => [...kept.values()].map((lease) => String(lease['spec'].holderIdentity));
  const hold = (holder: string, more: Partial<LeaseOptions> = {}): Promise<ChangeLease> =>
    holdChangeLease(port, {
      ...{ namespace: 'captures', names: CAPTURE_LEASES, kind: 'capture', holder, change: holder.repeat(8), waitMs: 1 },
      signal: AbortSignal.timeout(20_000),
      ...more,
    });
  return { port, kept, made, hold, holders };
}

describe('Leases of which one suffices', () => {
  test('let so many go on at a time, and tell the next one by whom and how many', async () => {
    const { hold, holders } = leases();
    const [one, two] = [await hold('one'), await hold('two')];
    expect(holders()).toEqual(['one', 'two']);
    await expect(hold('three')).rejects.toThrow('by one, and so are all 2 that may go on at a time, and did not end within 0.001 s');
    await one.release();
    const three = await hold('three');
    expect(holders()).toEqual(['three', 'two']);
    await Promise.all([two.release(), three.release()]);
    expect(holders()).toEqual(['', '']);
  });

  test('give whoever goes on the one that was its own', async () => {
    const { hold, holders } = leases();
    const [one, two] = [await hold('one'), await hold('two')];
    await one.release();
    const again = await hold('two');
    expect(holders()).toEqual(['', 'two']);
    await Promise.all([two.release(), again.release()]);
  });

  test('of two that want the last one at once one gets it', async () => {
    const { hold } = leases();
    const first = await hold('first');
    const tried = await Promise.allSettled([hold('a'), hold('b')]);
    expect(tried.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await first.release();
    for (const one of tried) if (one.status === 'fulfilled') await one.value.release();
  });

  test('have nothing to do with the Lease of changes', async () => {
    const { hold, kept } = leases();
    const capture = await hold('one');
    const change = await hold('one', { namespace: 'dns-medic', names: ['dns-medic-change'], kind: 'probe' });
    expect([...kept.keys()].map((path) => path.split('/').slice(-3).join('/'))).toEqual([
      'captures/leases/dns-medic-capture-1',
      'dns-medic/leases/dns-medic-change',
    ]);
    await Promise.all([capture.release(), change.release()]);
  });

  test('make the namespace they are in as its pods need it', async () => {
    const { hold, made } = leases();
    await (await hold('one')).release();
    expect(made[0]?.['metadata']).toMatchObject({ name: 'captures', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } });
  });

  test('are taken over from a holder that was silent for its whole duration, by our own clock', async () => {
    const { hold, holders } = leases();
    const dead = [await hold('dead'), await hold('dead-too')];
    let clock = 0;
    const heir = await hold('heir', { waitMs: 60_000, clock: () => (clock += 6_000) });
    expect(holders()).toContain('heir');
    await Promise.all([heir, ...dead].map((one) => one.release()));
  });
});
