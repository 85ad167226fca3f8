import { Failure } from '../../../src/base/failure.ts';
import type { Json, LogOptions } from '../../../src/cluster/port.ts';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import type { QueryLogData } from '../../../src/remedies/query-log/data.ts';
import { withQueryLog } from '../../../src/remedies/query-log/lines.ts';
import { MARK } from '../../../src/remedies/query-log/mark.ts';
import type { ActContext, Wrote } from '../../../src/remedies/remedy.ts';
import { fakePort, listOf } from '../../cluster/fake-port.ts';
import { corefileText } from '../../checks/evidence.ts';

export const before = corefileText;
const log = withQueryLog(before, [0], 'denial error')!;
export const after = log.text;

export const data: QueryLogData = {
  namespace: 'kube-system',
  configMap: 'coredns',
  key: 'Corefile',
  before,
  after,
  loadedBefore: corefileSha512(before),
  loadedAfter: corefileSha512(after),
  classes: 'denial error',
  logged: log.logged,
  inserted: log.inserted,
  zones: ['cluster.local.'],
  pods: { namespace: 'kube-system', selector: 'k8s-app=kube-dns' },
  replace: null,
};

export const START = Date.parse('2026-11-25T03:00:00Z');
export const order = 'c'.repeat(32);

interface WorldPod {
  name: string;
  ready: boolean;
  restarts: number;
  loads: boolean;
  lines: { at: number; text: string }[];
  previous: { at: number; text: string }[];
}

const stamp = (at: number): string => new Date(at).toISOString().replace('Z', '000000Z');

/** A ConfigMap with annotations, and two pods that log a reload `reloadMs` after each edit, on a clock of the test. */
export class QueryWorld {
  text: string | null = before;
  annotations: Record<string, string> = {};
  managedFields: Json[] = [];
  version = 7;
  now = START;
  reloadMs = 40_000;
  /** What pods log in the place of a reload that goes well. */
  reloadFails: string | null = null;
  readonly pods: WorldPod[] = ['a', 'b'].map((name) => ({
    name: `coredns-${name}`,
    ready: true,
    restarts: 0,
    loads: true,
    lines: [{ at: START - 3_600_000, text: `[INFO] plugin/reload: Running configuration SHA512 = ${data.loadedBefore}` }],
    previous: [],
  }));
  readonly wrote: Wrote[] = [];
  readonly steps: string[] = [];
  readonly stopping = new AbortController();
  beforeWrite: () => void = () => undefined;
  afterWrite: () => void = () => undefined;
  beforeRead: () => void = () => undefined;

  edit(text: string | null, annotations: Record<string, string | null> = {}): void {
    this.text = text;
    this.version += 1;
    const merged = { ...this.annotations, ...annotations };
    this.annotations = Object.fromEntries(Object.entries(merged).filter((one): one is [string, string] => one[1] !== null));
    if (text !== null) this.pods.forEach((pod) => this.#reload(pod, text));
  }

  query(pod: number, at: number, text: string): void {
    this.pods[pod]!.lines.push({ at, text: `[INFO] ${text}` });
  }

  /** The mark as it stands. */
  get mark(): Json | null {
    const text = this.annotations[MARK];
    return text === undefined ? null : JSON.parse(text);
  }

  readonly port = fakePort({
    get: async () => {
      this.beforeRead();
      if (this.text === null) throw new Failure('missing', 'not found', { status: 404 });
      return Promise.resolve(this.#configMap());
    },
    list: (path) => Promise.resolve(listOf(path === '/api/v1/pods' ? [] : this.pods.map((pod) => this.#podJson(pod)))),
    logs: (options: LogOptions) => this.#log(options),
    patch: async (_path, body) => {
      this.beforeWrite();
      if (body['metadata']['resourceVersion'] !== String(this.version))
        throw new Failure('error', 'the object has been modified', { status: 409 });
      this.edit(body['data']['Corefile'], body['metadata']['annotations']);
      this.afterWrite();
      return Promise.resolve(this.#configMap());
    },
  });

  context(over: Partial<ActContext> = {}): ActContext {
    return {
      port: this.port,
      change: order,
      endsAt: START + 900_000,
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

  #reload(pod: WorldPod, text: string): void {
    if (!pod.loads) return;
    const says =
      this.reloadFails === null
        ? `[INFO] plugin/reload: Running configuration SHA512 = ${corefileSha512(text)}`
        : `[ERROR] plugin/reload: Corefile changed but reload failed: ${this.reloadFails}`;
    pod.lines.push({ at: this.now + this.reloadMs, text: says });
  }

  #configMap = (): Json => ({
    metadata: { resourceVersion: String(this.version), annotations: this.annotations, managedFields: this.managedFields },
    data: { Corefile: this.text },
  });

  #podJson = ({ name, ready, restarts }: WorldPod): Json => ({
    metadata: { namespace: 'kube-system', name, uid: `uid-${name}` },
    spec: { nodeName: 'node-1' },
    status: {
      phase: 'Running',
      podIP: '10.0.0.9',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ restartCount: restarts, state: { running: {} } }],
    },
  });

  async #log({ pod: name, sinceSeconds = Infinity, tailLines = Infinity, previous = false }: LogOptions) {
    const pod = this.pods.find((one) => one.name === name)!;
    const lines = (previous ? pod.previous : pod.lines)
      .filter(({ at }) => at <= this.now && at >= this.now - sinceSeconds * 1_000)
      .toSorted((a, b) => a.at - b.at)
      .slice(-tailLines);
    return Promise.resolve({ text: lines.map(({ at, text }) => `${stamp(at)} ${text}\n`).join(''), truncated: false });
  }
}
