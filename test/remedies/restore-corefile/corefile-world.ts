import { Failure } from '../../../src/base/failure.ts';
import type { Json, LogOptions } from '../../../src/cluster/port.ts';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import type { ActContext, Wrote } from '../../../src/remedies/remedy.ts';
import type { RestoreData } from '../../../src/remedies/restore-corefile/data.ts';
import { fakePort, listOf } from '../../cluster/fake-port.ts';
import { corefileText } from '../../checks/evidence.ts';

export const good = corefileText;
export const bad = corefileText.replace('forward . /etc/resolv.conf', 'forward . 192.0.2.1');

interface WorldPod {
  name: string;
  uid: string;
  ready: boolean;
  crashing: boolean;
}

/** A ConfigMap and two pods that run what stands there so many milliseconds after it was written; a new pod runs it at once. */
export class CorefileWorld {
  text: string | null = bad;
  version = 7;
  now = 1_000_000;
  reloadMs = 30_000;
  pods: WorldPod[] = ['a', 'b'].map((name) => ({ name: `coredns-${name}`, uid: `uid-${name}`, ready: true, crashing: false }));
  readonly runs = new Map<string, string | null>();
  readonly wrote: Wrote[] = [];
  readonly steps: string[] = [];
  /** Before a write is done; may throw, or change what stands there. */
  beforeWrite: () => void = () => undefined;
  /** After it was done; may throw: its answer is lost. */
  afterWrite: () => void = () => undefined;
  /** What an eviction is refused with; null: it is allowed. */
  budget: Failure | null = null;
  readonly stopping = new AbortController();
  #writtenAt = 0;
  #renewed = 0;

  edit(text: string | null): void {
    this.text = text;
    this.version += 1;
    this.#writtenAt = this.now;
  }

  readonly port = fakePort({
    get: () =>
      this.text === null ? Promise.reject(new Failure('missing', 'not found', { status: 404 })) : Promise.resolve(this.#configMap()),
    list: () => Promise.resolve(listOf(this.pods.map((pod) => this.#podJson(pod)))),
    logs: ({ pod }: LogOptions) => Promise.resolve({ text: this.#log(pod), truncated: false }),
    patch: (_path, body) =>
      this.#write(() => {
        if (body['metadata']['resourceVersion'] !== String(this.version))
          throw new Failure('error', 'the object has been modified', { status: 409 });
        this.edit(body['data']['Corefile']);
      }),
    create: (path, body) => {
      if (path.endsWith('/eviction')) return this.#evict(path.split('/').at(-2) ?? '');
      return this.#write(() => {
        if (this.text !== null) throw new Failure('error', 'already exists', { status: 409 });
        this.edit(body['data']['Corefile']);
      });
    },
  });

  context(over: Partial<ActContext> = {}): ActContext {
    return {
      port: this.port,
      change: 'c'.repeat(32),
      say: ({ title }: { title: string }) => void this.steps.push(title),
      wrote: (wrote: Wrote) => Promise.resolve(void this.wrote.push(wrote)),
      mayWrite: () => undefined,
      stopping: this.stopping.signal,
      signal: new AbortController().signal,
      now: () => this.now,
      pause: (ms: number) => Promise.resolve(void (this.now += ms)),
      ...over,
    } as unknown as ActContext;
  }

  #configMap = (): Json => ({ metadata: { resourceVersion: String(this.version) }, data: { Corefile: this.text } });

  async #write(does: () => void): Promise<Json> {
    this.beforeWrite();
    does();
    this.afterWrite();
    return Promise.resolve(this.#configMap());
  }

  async #evict(name: string): Promise<Json> {
    if (this.budget !== null) throw this.budget;
    this.#start(name);
    return Promise.resolve({});
  }

  /** Another pod in the place of this one. */
  #start(name: string): void {
    this.#renewed += 1;
    const fresh = { name: `coredns-new-${this.#renewed}`, uid: `uid-new-${this.#renewed}`, ready: true, crashing: false };
    this.pods = [...this.pods.filter((pod) => pod.name !== name), fresh];
    if (this.text !== null) this.runs.set(fresh.name, corefileSha512(this.text));
  }

  #podJson = ({ name, uid, ready, crashing }: WorldPod): Json => ({
    metadata: { namespace: 'kube-system', name, uid },
    spec: { nodeName: 'node-1' },
    status: {
      phase: 'Running',
      podIP: '10.0.0.9',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [
        { restartCount: crashing ? 4 : 0, state: crashing ? { waiting: { reason: 'CrashLoopBackOff' } } : { running: {} } },
      ],
    },
  });

  #log(pod: string): string {
    const has = this.text !== null && this.now >= this.#writtenAt + this.reloadMs;
    const sha512 = this.runs.get(pod) ?? (has ? corefileSha512(this.text!) : corefileSha512(bad));
    return `2026-11-25T03:00:00.000000000Z [INFO] plugin/reload: Running configuration SHA512 = ${sha512}\n`;
  }
}

const facts = (text: string): RestoreData['after'] => ({ text, running: corefileSha512(text), reloads: true });

/** What an order that puts the good text in the place of the bad one was planned on. */
export const restoreData = (over: Partial<RestoreData> = {}): RestoreData => ({
  namespace: 'kube-system',
  configMap: 'coredns',
  key: 'Corefile',
  before: facts(bad),
  after: facts(good),
  pods: { namespace: 'kube-system', selector: 'k8s-app=kube-dns' },
  failing: [],
  replace: null,
  ...over,
});
