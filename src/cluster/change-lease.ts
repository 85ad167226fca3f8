import { Failure } from '../base/failure.ts';
import { sleep } from './deadline.ts';
import type { ClusterPort, Json } from './port.ts';
import { ensureNamespace } from './probe-create.ts';

/** The one Lease that everybody who changes a cluster with dns-medic must hold. */
export const CHANGE_LEASE = 'dns-medic-change';

/** Which order its holder carries out, for people who look. */
const ORDER = 'dns-medic/order';

const HELD_SECONDS = 20;
const RENEW_MS = 5_000;
const LOOK_MS = 1_000;
/** Without a renewal for so long the holder stops, well before another may take it. */
const GIVEN_UP_MS = 12_000;
const MERGE = 'application/merge-patch+json';

/** The right to change a cluster. */
export interface ChangeLease {
  /** Fires when it was lost: nothing more may be written. */
  lost: AbortSignal;
  release(): Promise<void>;
}

export interface LeaseOptions {
  namespace: string;
  /** A name that no other process has. */
  holder: string;
  /** The order's id. */
  change: string;
  /** How long another holder is waited for. */
  waitMs: number;
  signal: AbortSignal;
  /** Milliseconds of a clock that never jumps. */
  clock?: () => number;
  /** Tells whom it waits for. */
  onWait?: (holder: string) => void;
}

/** The Lease as it stands. `version`: its resourceVersion; null: there is none. */
interface Standing {
  version: string | null;
  holder: string;
  order: string;
  renewed: string;
  seconds: number;
}

const pathOf = (namespace: string): string => `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;

const microTime = (): string => new Date().toISOString().replace(/Z$/, '000Z');

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

async function standing(port: ClusterPort, { namespace, signal }: LeaseOptions): Promise<Standing> {
  try {
    const { metadata = {}, spec = {} } = await port.get(`${pathOf(namespace)}/${CHANGE_LEASE}`, {}, { signal });
    const seconds = Number(spec['leaseDurationSeconds']);
    return {
      version: text(metadata['resourceVersion']),
      holder: text(spec['holderIdentity']),
      order: text(metadata['annotations']?.[ORDER]),
      renewed: text(spec['renewTime']),
      // what somebody else wrote there must not lock a cluster up for ever
      seconds: seconds > 0 && seconds <= 120 ? seconds : HELD_SECONDS,
    };
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return { version: null, holder: '', order: '', renewed: '', seconds: 0 };
    throw error;
  }
}

function body({ holder, change }: Pick<LeaseOptions, 'holder' | 'change'>, version: string | null): Json {
  const now = microTime();
  const metadata = { annotations: { [ORDER]: change }, ...(version === null ? { name: CHANGE_LEASE } : { resourceVersion: version }) };
  const spec = { holderIdentity: holder, leaseDurationSeconds: HELD_SECONDS, renewTime: now, acquireTime: now };
  return version === null ? { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } : { metadata, spec };
}

const isConflict = (error: unknown): boolean => error instanceof Failure && error.status === 409;

/** Takes it where it is free; false when somebody else was faster. */
async function take(port: ClusterPort, options: LeaseOptions, { version }: Standing): Promise<boolean> {
  const { namespace, signal } = options;
  try {
    if (version !== null) await port.patch(`${pathOf(namespace)}/${CHANGE_LEASE}`, body(options, version), MERGE, { signal });
    else {
      await ensureNamespace(port, namespace);
      await port.create(pathOf(namespace), body(options, null), { signal });
    }
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    // it may have been done all the same: whoever holds it then is read again
    if (error instanceof Failure && error.status === undefined && error.reason !== 'skipped') return false;
    throw error;
  }
}

function taken({ holder, order }: Standing, waitMs: number): Failure {
  const what = order === '' ? 'another change' : `order ${order.slice(0, 10)}`;
  return new Failure('skipped', `${what} is being carried out in this cluster by ${holder}, and did not end within ${waitMs / 1000} s`);
}

/**
 * Takes the Lease, waiting for whoever has it. One that its holder has not renewed for its whole duration is taken over; that is measured by our
 * own steady clock from when we first saw it so, never by comparing clocks of two machines. Rejects with a Failure.
 */
export async function holdChangeLease(port: ClusterPort, options: LeaseOptions): Promise<ChangeLease> {
  const { holder, waitMs, signal, clock = () => performance.now(), onWait = () => undefined } = options;
  const began = clock();
  let seen = { mark: '', at: began };
  for (;;) {
    const stands = await standing(port, options);
    const mark = `${stands.holder}\n${stands.renewed}`;
    if (mark !== seen.mark) seen = { mark, at: clock() };
    const isFree = stands.holder === '' || stands.holder === holder || clock() - seen.at >= stands.seconds * 1000;
    if (isFree && (await take(port, options, stands))) return renewing(port, options, clock);
    if (!isFree) {
      if (clock() - began >= waitMs) throw taken(stands, waitMs);
      onWait(stands.holder);
    }
    await sleep(LOOK_MS, signal);
  }
}

/** Renews it until it is released. */
function renewing(port: ClusterPort, options: LeaseOptions, clock: () => number): ChangeLease {
  const lost = new AbortController();
  let good = clock();
  let busy = false;
  const renew = async (): Promise<void> => {
    const stands = await standing(port, options);
    if (stands.holder !== options.holder) return lost.abort(new Failure('error', 'the lease on this cluster was taken by somebody else'));
    await port.patch(
      `${pathOf(options.namespace)}/${CHANGE_LEASE}`,
      { metadata: { resourceVersion: stands.version }, spec: { renewTime: microTime() } },
      MERGE,
    );
    good = clock();
  };
  const beat = (): void => {
    if (clock() - good > GIVEN_UP_MS) lost.abort(new Failure('error', 'the lease on this cluster could not be renewed in time'));
    if (busy || lost.signal.aborted) return;
    busy = true;
    void renew()
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  };
  const timer = setInterval(beat, RENEW_MS);
  return {
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      const stands = await standing(port, { ...options, signal: AbortSignal.timeout(5_000) }).catch(() => null);
      if (stands === null || stands.holder !== options.holder || stands.version === null) return;
      const free = { metadata: { resourceVersion: stands.version, annotations: { [ORDER]: null } }, spec: { holderIdentity: '' } };
      await port.patch(`${pathOf(options.namespace)}/${CHANGE_LEASE}`, free, MERGE).catch(() => undefined);
    },
  };
}
