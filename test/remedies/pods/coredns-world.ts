import { sha512Hex } from '../../../src/base/sha512.ts';
import { Failure } from '../../../src/base/failure.ts';
import type { Json } from '../../../src/cluster/port.ts';
import type { PlannedPod } from '../../../src/domain/plan.ts';
import type { PodGates } from '../../../src/remedies/pods/gates.ts';
import type { ActContext } from '../../../src/remedies/remedy.ts';

export const corefileText =
  '.:53 {\n  errors\n  health {\n    lameduck 5s\n  }\n  ready\n  kubernetes cluster.local\n  forward . /etc/resolv.conf\n}\n';
const LABEL = 'k8s-app';

/** A pod of the world. `answers`: lookups straight at it get NOERROR. */
export interface WorldPod {
  name: string;
  uid: string;
  ip: string;
  node: string;
  labels: Record<string, string>;
  readyAt: number;
  answers: boolean;
  crashing: boolean;
  /** When it was told to end. */
  endingSince: number | null;
}

/**
 * A Deployment of CoreDNS on a clock of its own: a pod that loses its label or ends gets a successor at once, which is ready after `startMs`; one
 * that ends is gone `lameduckMs` later; a pod that comes back makes the newest that is not ready go. Only what `replacePods` asks is there.
 */
export class CorednsWorld {
  now = 1_000_000;
  startMs = 2_000;
  lameduckMs = 5_000;
  replicas = 2;
  generation = 1;
  corefile = corefileText;
  /** What the budget allows; null: as many as are ready but for one. */
  allowed: number | null = null;
  successor: Partial<WorldPod> = {};
  pods: WorldPod[] = [];
  readonly writes: string[] = [];
  readonly steps: string[] = [];
  /** Most pods that were no endpoint at once. */
  fewestServing = Infinity;
  /** Called before each request; may throw. */
  onRequest: (what: string) => void = () => undefined;
  readonly stopping = new AbortController();
  readonly ending = new AbortController();
  #count = 0;

  constructor(replicas = 2) {
    this.replicas = replicas;
    while (this.pods.length < replicas) this.#start({ readyAt: 0 });
  }

  #start(over: Partial<WorldPod> = {}): void {
    const n = (this.#count += 1);
    this.pods.push({
      name: `coredns-${n}`,
      uid: `uid-${n}`,
      ip: `10.0.0.${n}`,
      node: `node-${1 + (n % 2)}`,
      labels: { [LABEL]: 'kube-dns' },
      readyAt: this.now + this.startMs,
      answers: true,
      crashing: false,
      endingSince: null,
      ...over,
    });
  }

  isReady = (pod: WorldPod): boolean => pod.readyAt <= this.now && !pod.crashing;
  isServing = (pod: WorldPod): boolean => pod.labels[LABEL] === 'kube-dns' && pod.endingSince === null && this.isReady(pod);

  /** What controllers do: pods that ended are gone, those that are missing are made, one too many is ended. */
  settle(): void {
    this.pods = this.pods.filter(({ endingSince }) => endingSince === null || this.now < endingSince + this.lameduckMs);
    const own = this.pods.filter((pod) => pod.labels[LABEL] === 'kube-dns' && pod.endingSince === null);
    for (let missing = this.replicas - own.length; missing > 0; missing -= 1) this.#start(this.successor);
    for (const pod of own.filter((one) => !this.isReady(one)).slice(0, Math.max(0, own.length - this.replicas))) pod.endingSince = this.now;
    this.fewestServing = Math.min(this.fewestServing, this.pods.filter((pod) => this.isServing(pod)).length);
  }

  #json = (pod: WorldPod): Json => ({
    metadata: {
      namespace: 'kube-system',
      name: pod.name,
      uid: pod.uid,
      labels: pod.labels,
      ...(pod.endingSince === null ? {} : { deletionTimestamp: '2026-11-25T03:00:00Z' }),
      ownerReferences: [{ kind: 'ReplicaSet', name: 'coredns-abc', controller: true }],
    },
    spec: { nodeName: pod.node },
    status: {
      phase: 'Running',
      podIP: pod.ip,
      conditions: [{ type: 'Ready', status: this.isReady(pod) ? 'True' : 'False' }],
      containerStatuses: [
        { restartCount: pod.crashing ? 3 : 0, state: pod.crashing ? { waiting: { reason: 'CrashLoopBackOff' } } : { running: {} } },
      ],
    },
  });

  #named(path: string): WorldPod {
    const pod = this.pods.find(({ name }) => name === path.split('/')[6]);
    if (pod === undefined) throw new Failure('missing', `pods "${path.split('/')[6]}" not found`, { status: 404 });
    return pod;
  }

  #asked(what: string): void {
    this.onRequest(what);
    this.settle();
  }

  #get = async (path: string): Promise<Json> => {
    this.#asked(`GET ${path}`);
    if (path.includes('/configmaps/')) return { data: { Corefile: this.corefile } };
    if (path.includes('/deployments/'))
      return {
        metadata: { generation: this.generation },
        spec: { replicas: this.replicas },
        status: { observedGeneration: this.generation, replicas: this.replicas, updatedReplicas: this.replicas },
      };
    return this.#json(this.#named(path));
  };

  #list = async (path: string) => {
    this.#asked(`LIST ${path}`);
    const items: Json[] = path.endsWith('/endpointslices')
      ? [{ endpoints: this.pods.filter((pod) => this.isServing(pod)).map(({ ip }) => ({ addresses: [ip], conditions: { ready: true } })) }]
      : path.endsWith('/pods')
        ? this.pods.filter((pod) => pod.labels[LABEL] === 'kube-dns').map(this.#json)
        : [];
    return { items, complete: true, remaining: null };
  };

  #evict = async (path: string, body: Json): Promise<Json> => {
    this.#asked(`POST ${path}`);
    const pod = this.#named(path);
    const isTrial = body['deleteOptions']?.dryRun?.includes('All') === true;
    if (body['deleteOptions']?.preconditions?.uid !== pod.uid)
      throw new Failure('error', 'the UID in the precondition differs', { status: 409 });
    const isCounted = pod.labels[LABEL] === 'kube-dns';
    const allowed = this.allowed ?? this.pods.filter((one) => this.isServing(one)).length - 1;
    if (isCounted && allowed < 1)
      throw new Failure('error', "Cannot evict pod as it would violate the pod's disruption budget.", { status: 429 });
    if (!isTrial) {
      pod.endingSince ??= this.now;
      this.writes.push(`evict ${pod.name}`);
    }
    this.settle();
    return {};
  };

  #patch = async (path: string, body: Json): Promise<Json> => {
    this.#asked(`PATCH ${path}`);
    const pod = this.#named(path);
    if (body['metadata']?.uid !== pod.uid) throw new Failure('error', 'Precondition failed: UID in precondition', { status: 409 });
    pod.labels = { ...pod.labels, ...body['metadata']?.labels };
    this.writes.push(`${pod.labels[LABEL] === 'kube-dns' ? 'back' : 'aside'} ${pod.name}`);
    this.settle();
    return {};
  };

  /** What dig prints for each lookup of a script. */
  #dig = async (script: string) => {
    const shots = [...script.matchAll(/^dig @(\S+) .* (\S+) A >/gm)];
    const answer = (ip: string): string =>
      this.pods.some((pod) => pod.ip === ip && pod.answers)
        ? ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; flags: qr aa rd; QUERY: 1, ANSWER: 1\n;; Query time: 1 msec\n'
        : `;; communications error to ${ip}#53: timed out\n;; no servers could be reached\n`;
    const text = shots.map(([, ip = '']) => `@@dns-medic-shot\n${answer(ip)}`).join('');
    return { text, stderr: '', truncated: false, exitCode: 0 };
  };

  context(): ActContext {
    return {
      port: { get: this.#get, list: this.#list, create: this.#evict, patch: this.#patch },
      probes: { start: async ({ node }: { node: string }) => ({ name: `probe-${node}`, node, run: this.#dig }) },
      say: ({ title, state }: { title: string; state: string }) => this.steps.push(`${state} ${title}`),
      wrote: () => Promise.resolve(),
      mayWrite: () => undefined,
      stopping: this.stopping.signal,
      signal: this.ending.signal,
      now: () => this.now,
      pause: async (ms: number) => {
        this.now += ms;
        this.ending.signal.throwIfAborted();
        this.settle();
      },
    } as unknown as ActContext;
  }

  planned(): PlannedPod[] {
    return this.pods.map(({ name, uid, node }) => ({ namespace: 'kube-system', name, uid, node }));
  }

  gates(over: Partial<PodGates> = {}): PodGates {
    return {
      workload: { kind: 'Deployment', namespace: 'kube-system', name: 'coredns', generation: this.generation },
      selector: 'k8s-app=kube-dns',
      service: { namespace: 'kube-system', name: 'kube-dns' },
      dnsPort: 53,
      corefile: { namespace: 'kube-system', configMap: 'coredns', key: 'Corefile', sha512: sha512Hex(this.corefile) },
      known: this.pods.map(({ uid }) => uid),
      ready: this.pods.filter(this.isReady).map(({ uid }) => uid),
      count: this.pods.length,
      aside: { [LABEL]: 'kube-dns' },
      lameduckMs: this.lameduckMs,
      graceMs: 30_000,
      places: ['node-1', 'node-2'],
      questions: [{ name: 'kubernetes.default.svc.cluster.local.', proto: 'udp' }],
      ...over,
    };
  }
}
