import { Failure } from '../base/failure.ts';
import { sleep } from './deadline.ts';
import type { ClusterPort, Json } from './port.ts';
import { ensureNamespace } from './probe-create.ts';
import type { OurPods } from './probe-manifest.ts';

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

/** At most so many captures are made in a cluster at a time: whoever holds one of these may. */
export const CAPTURE_LEASES = ['dns-medic-capture-1', 'dns-medic-capture-2'] as const;

/** The right to change a cluster, or to capture packets in it. */
export interface ChangeLease {
  /** Fires when it was lost: nothing more may be written. */
  lost: AbortSignal;
  release(): Promise<void>;
}

export interface LeaseOptions {
  namespace: string;
  /** Whichever of these is free is taken. Left out: the one for changes. */
  names?: readonly string[];
  /** What the namespace is for, where it has to be made. Left out: probe pods. */
  kind?: OurPods['kind'];
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

/** A Lease as it stands. `version`: its resourceVersion; null: there is none. */
interface Standing {
  name: string;
  version: string | null;
  holder: string;
  order: string;
  renewed: string;
  seconds: number;
}

const pathOf = (namespace: string): string => `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;

const microTime = (): string => new Date().toISOString().replace(/Z$/, '000Z');

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

async function standing(port: ClusterPort, { namespace, signal }: LeaseOptions, name: string): Promise<Standing> {
  try {
    const { metadata = {}, spec = {} } = await port.get(`${pathOf(namespace)}/${name}`, {}, { signal });
    const seconds = Number(spec['leaseDurationSeconds']);
    return {
      name,
      version: text(metadata['resourceVersion']),
      holder: text(spec['holderIdentity']),
      order: text(metadata['annotations']?.[ORDER]),
      renewed: text(spec['renewTime']),
      // what somebody else wrote there must not lock a cluster up for ever
      seconds: seconds > 0 && seconds <= 120 ? seconds : HELD_SECONDS,
    };
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing')
      return { name, version: null, holder: '', order: '', renewed: '', seconds: 0 };
    throw error;
  }
}

function body({ holder, change }: Pick<LeaseOptions, 'holder' | 'change'>, { name, version }: Pick<Standing, 'name' | 'version'>): Json {
  const now = microTime();
  const metadata = { annotations: { [ORDER]: change }, ...(version === null ? { name } : { resourceVersion: version }) };
  const spec = { holderIdentity: holder, leaseDurationSeconds: HELD_SECONDS, renewTime: now, acquireTime: now };
  return version === null ? { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } : { metadata, spec };
}

const isConflict = (error: unknown): boolean => error instanceof Failure && error.status === 409;

/** Takes it where it is free; false when somebody else was faster. */
async function take(port: ClusterPort, options: LeaseOptions, stands: Standing): Promise<boolean> {
  const { namespace, kind = 'probe', signal } = options;
  try {
    if (stands.version !== null) await port.patch(`${pathOf(namespace)}/${stands.name}`, body(options, stands), MERGE, { signal });
    else {
      await ensureNamespace(port, { namespace, kind });
      await port.create(pathOf(namespace), body(options, stands), { signal });
    }
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    // it may have been done all the same: whoever holds it then is read again
    if (error instanceof Failure && error.status === undefined && error.reason !== 'skipped') return false;
    throw error;
  }
}

function taken({ holder, order }: Standing, { names, waitMs }: LeaseOptions): Failure {
  const what = order === '' ? 'another change' : `order ${order.slice(0, 10)}`;
  const others = (names ?? []).length > 1 ? `, and so are all ${(names ?? []).length} that may go on at a time` : '';
  return new Failure(
    'skipped',
    `${what} is being carried out in this cluster by ${holder}${others}, and did not end within ${waitMs / 1000} s`,
  );
}

/** Since when each Lease stands as it does, by our own steady clock. */
class Watch {
  readonly #clock: () => number;
  readonly #seen = new Map<string, { mark: string; at: number }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Whether nobody has it, or whoever has it was silent for its whole duration. */
  isFree({ name, holder, renewed, seconds }: Standing, own: string): boolean {
    const mark = `${holder}\n${renewed}`;
    const known = this.#seen.get(name);
    const seen = known?.mark === mark ? known : { mark, at: this.#clock() };
    this.#seen.set(name, seen);
    return holder === '' || holder === own || this.#clock() - seen.at >= seconds * 1000;
  }
}

/**
 * Takes a Lease, waiting for whoever has it. One that its holder has not renewed for its whole duration is taken over; that is measured by our
 * own steady clock from when we first saw it so, never by comparing clocks of two machines. Rejects with a Failure.
 */
export async function holdChangeLease(port: ClusterPort, options: LeaseOptions): Promise<ChangeLease> {
  const { names = [CHANGE_LEASE], holder, waitMs, signal, clock = () => performance.now(), onWait = () => undefined } = options;
  const began = clock();
  const watch = new Watch(clock);
  for (;;) {
    const stand: Standing[] = [];
    for (const name of names) stand.push(await standing(port, options, name));
    // one that was ours before is ours again: whoever goes on with an order does not take a second one
    const free = stand.filter((one) => watch.isFree(one, holder));
    const wanted = free.find((one) => one.holder === holder) ?? free[0];
    if (wanted !== undefined && (await take(port, options, wanted))) return renewing(port, options, wanted.name, clock);
    if (wanted === undefined && stand[0] !== undefined) {
      if (clock() - began >= waitMs) throw taken(stand[0], options);
      onWait(stand[0].holder);
    }
    await sleep(LOOK_MS, signal);
  }
}

/** Renews it until it is released, whatever becomes of the signal that only the wait for it heeds: what is stopped is still brought to its end. */
function renewing(port: ClusterPort, waited: LeaseOptions, name: string, clock: () => number): ChangeLease {
  const options = { ...waited, signal: new AbortController().signal };
  const lost = new AbortController();
  let good = clock();
  let busy = false;
  const renew = async (): Promise<void> => {
    const stands = await standing(port, options, name);
    if (stands.holder !== options.holder) return lost.abort(new Failure('error', 'the lease on this cluster was taken by somebody else'));
    await port.patch(
      `${pathOf(options.namespace)}/${name}`,
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
      const stands = await standing(port, { ...options, signal: AbortSignal.timeout(5_000) }, name).catch(() => null);
      if (stands === null || stands.holder !== options.holder || stands.version === null) return;
      const free = { metadata: { resourceVersion: stands.version, annotations: { [ORDER]: null } }, spec: { holderIdentity: '' } };
      await port.patch(`${pathOf(options.namespace)}/${name}`, free, MERGE).catch(() => undefined);
    },
  };
}
