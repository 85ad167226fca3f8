import { Failure } from '../../src/base/failure.ts';
import type {
  ClusterPort,
  ExecOptions,
  ExecResult,
  Json,
  ListOptions,
  ListResult,
  LogOptions,
  TextResult,
} from '../../src/cluster/port.ts';
import type { CollectContext } from '../../src/collect/collector.ts';

/**
 * What the fake API server holds, by path: an array is a collection, an object is one object, a string is a text (a log by `NAMESPACE/POD`,
 * a command by `NAMESPACE/POD command words`), a Failure is thrown. A function makes any of these from the query.
 */
export type Held = Json | readonly Json[] | string | Failure;
export type Answers = Readonly<Record<string, Held | ((query: Readonly<Record<string, string>>) => Held)>>;

export interface FakePort extends ClusterPort {
  /** Each request: `GET path`, `LIST path?labelSelector=...`, `LOGS ns/pod`, `EXEC ns/pod words`. */
  requests: string[];
}

/**
 * A cluster that holds what it is given, and behaves as the real API server: an object that is in no collection is `missing`, a collection that
 * nothing was put in is empty, and selectors and limits are applied.
 */
export function fakePort(answers: Answers): FakePort {
  const requests: string[] = [];
  const held = (path: string, query: Readonly<Record<string, string>>): Held | undefined => {
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    const value = typeof answer === 'function' ? answer(query) : answer;
    if (value instanceof Failure) throw value;
    return value;
  };
  const text = (path: string): TextResult => {
    const found = held(path, {});
    if (typeof found !== 'string') throw new Failure('missing', `${path} not found`);
    return { text: found, truncated: false };
  };
  return {
    requests,
    async get(path, query = {}) {
      requests.push(`GET ${withQuery(path, query)}`);
      return structuredClone(findOne(path, (of) => held(of, query)));
    },
    async list(path, options = {}) {
      requests.push(`LIST ${withQuery(path, queryOf(options))}`);
      const found = held(path, queryOf(options)) ?? [];
      if (!Array.isArray(found)) throw new Failure('error', `${path} is no collection`);
      return structuredClone(select(found, options));
    },
    async text(path) {
      requests.push(`GET ${path}`);
      return text(path);
    },
    async logs(options: LogOptions) {
      const key = `${options.namespace}/${options.pod}${options.previous === true ? ' previous' : ''}`;
      requests.push(`LOGS ${key}`);
      return text(key);
    },
    async exec(options: ExecOptions): Promise<ExecResult> {
      const key = [`${options.namespace}/${options.pod}`, ...options.command].join(' ');
      requests.push(`EXEC ${key}`);
      return { ...text(key), stderr: '', exitCode: 0 };
    },
    create: refuse,
    patch: refuse,
    delete: refuse,
    cost: () => ({ apiRequests: requests.length, bytes: 0 }),
    close: async () => {},
  };
}

/** A context as the flow makes it; what a test does not give is as in a plain run. */
export function context(port: ClusterPort, some: { [K in keyof CollectContext]?: Partial<CollectContext[K]> } = {}): CollectContext {
  return {
    port,
    probes: null,
    request: {
      cluster: 'lab',
      pod: null,
      node: null,
      names: [],
      quick: false,
      probePods: true,
      ephemeral: false,
      timeoutMs: 60_000,
      ...some.request,
    },
    settings: {
      dns: { namespace: 'kube-system', service: null, selector: null },
      probe: { namespace: 'dns-medic', image: 'probe:1', pullSecret: null, tolerations: [], labels: {} },
      capture: { namespace: 'dns-medic-capture' },
      names: [],
      ...some.settings,
    },
    have: { ...some.have },
    signal: new AbortController().signal,
    now: some.now === undefined ? () => Date.parse('2026-11-23T07:36:00Z') : (some.now as () => number),
  };
}

function findOne(path: string, held: (path: string) => Held | undefined): Json {
  const own = held(path);
  if (own !== undefined && typeof own === 'object' && !Array.isArray(own)) return own;
  const slash = path.lastIndexOf('/');
  const among = held(path.slice(0, slash));
  const name = decodeURIComponent(path.slice(slash + 1));
  const item = Array.isArray(among) ? among.find((one: Json) => one?.['metadata']?.name === name) : undefined;
  if (item === undefined) throw new Failure('missing', `${path} not found`);
  return item as Json;
}

function select(all: readonly Json[], options: ListOptions): ListResult<Json> {
  const labels = parse(options.labelSelector ?? '');
  const fields = parse(options.fieldSelector ?? '');
  const fit = all.filter((one) => labels.every((fits) => fits(one?.['metadata']?.labels ?? {})) && fields.every((fits) => fits(flat(one))));
  const limit = options.limit ?? 500;
  const items = fit.slice(0, limit);
  // the real one gives no remainingItemCount with a selector
  const remaining = options.labelSelector !== undefined || options.fieldSelector !== undefined ? null : fit.length - items.length;
  return { items, complete: items.length === fit.length, remaining: items.length === fit.length ? 0 : remaining };
}

type Fits = (values: Readonly<Record<string, string>>) => boolean;

function parse(selector: string): Fits[] {
  if (selector === '') return [];
  return selector.split(/,(?![^(]*\))/).map((part) => requirement(part.trim()));
}

function requirement(part: string): Fits {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const values = set[3]!.split(',').map((value) => value.trim());
    return (labels) => (labels[set[1]!] !== undefined && values.includes(labels[set[1]!]!)) === (set[2] === 'in');
  }
  const [, key, operator, value] = /^([^=!]+)(==?|!=)(.*)$/.exec(part) ?? [];
  if (key !== undefined) return (labels) => (labels[key] === value) === (operator !== '!=');
  return part.startsWith('!') ? (labels) => labels[part.slice(1)] === undefined : (labels) => labels[part] !== undefined;
}

function flat(value: unknown, prefix = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null) return { [prefix]: String(value) };
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => flat(inner, prefix === '' ? key : `${prefix}.${key}`)));
}

function queryOf(options: ListOptions): Record<string, string> {
  const { labelSelector, fieldSelector, limit } = options;
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    ...(limit === undefined ? {} : { limit: String(limit) }),
  };
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const words = Object.entries(query).map(([key, value]) => `${key}=${value}`);
  return words.length === 0 ? path : `${path}?${words.join('&')}`;
}

async function refuse(): Promise<never> {
  throw new Failure('forbidden', 'a collector writes nothing');
}
