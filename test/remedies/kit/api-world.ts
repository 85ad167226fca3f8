import { Failure } from '../../../src/base/failure.ts';
import type { ClusterPort, Json } from '../../../src/cluster/port.ts';
import type { RunStep } from '../../../src/domain/run.ts';
import type { ActContext, Wrote } from '../../../src/remedies/remedy.ts';

interface Operation {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

/** A JSON patch as the API server applies it; a resource version that is not the object's is a conflict. */
function patched(object: Json, operations: readonly Operation[]): Json {
  const copy = structuredClone(object);
  for (const { op, path, value } of operations) {
    const parts = path
      .slice(1)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const parent = parts.slice(0, -1).reduce<Json>((at, part) => at[part], copy);
    const key = parts.at(-1) ?? '';
    if (path === '/metadata/resourceVersion' && parent[key] !== value)
      throw new Failure('error', 'the object has been modified', { status: 409 });
    if (op === 'remove') delete parent[key];
    else parent[key] = value;
  }
  return copy;
}

/** An API server with objects by path, for acts. */
export class ApiWorld {
  readonly objects = new Map<string, Json>();
  readonly requests: string[] = [];
  readonly wrote: Wrote[] = [];
  readonly steps: RunStep[] = [];
  /** Called before each read; may throw: nobody answers. */
  beforeRead: () => void = () => undefined;
  /** Called before each write; may throw, or change objects as somebody else would. */
  beforeWrite: () => void = () => undefined;
  /** Called after each write; may throw: its answer is lost. */
  afterWrite: () => void = () => undefined;
  /** Hears of all that is written, by whomever; may throw. */
  onPut: (object: Json) => void = () => undefined;
  private versions = 100;
  private clock = 0;

  put(path: string, object: Json): void {
    this.onPut(object);
    this.versions += 1;
    const { metadata = {} } = object;
    this.objects.set(path, { ...object, metadata: { uid: `uid-${path}`, ...metadata, resourceVersion: String(this.versions) } });
  }

  at(path: string): Json | undefined {
    return this.objects.get(path);
  }

  context(over: Partial<ActContext> = {}): ActContext {
    const never = new AbortController().signal;
    return {
      port: this.port(),
      change: 'c'.repeat(32),
      request: { cluster: 'cluster-a' },
      settings: {},
      say: (step: RunStep) => this.steps.push(step),
      wrote: (write: Wrote) => {
        this.wrote.push(write);
        return Promise.resolve();
      },
      mayWrite: () => undefined,
      stopping: never,
      signal: never,
      now: () => this.clock,
      pause: (ms: number) => {
        this.clock += ms;
        return Promise.resolve();
      },
      ...over,
    } as unknown as ActContext;
  }

  private have(path: string): Json {
    const object = this.objects.get(path);
    if (object === undefined) throw new Failure('missing', 'not found', { status: 404 });
    return object;
  }

  private write<T>(request: string, does: () => T): Promise<T> {
    this.requests.push(request);
    try {
      this.beforeWrite();
      const done = does();
      this.afterWrite();
      return Promise.resolve(done);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private port(): ClusterPort {
    return {
      get: async (path: string) => {
        this.beforeRead();
        return Promise.resolve(structuredClone(this.have(path)));
      },
      patch: (path: string, body: Json) =>
        this.write(`PATCH ${path}`, () => {
          this.put(path, patched(this.have(path), body as unknown as Operation[]));
          return this.have(path);
        }),
      create: (path: string, body: Json) =>
        this.write(`POST ${path}`, () => {
          const at = `${path}/${encodeURIComponent(String(body['metadata']['name']))}`;
          if (this.objects.has(at)) throw new Failure('error', 'already exists', { status: 409 });
          this.put(at, structuredClone(body));
          return this.have(at);
        }),
      delete: (path: string, query: Record<string, string>) =>
        this.write(`DELETE ${path}`, () => {
          const { uid, resourceVersion } = this.have(path)['metadata'];
          if (query['uid'] !== uid || query['resourceVersion'] !== resourceVersion)
            throw new Failure('error', 'precondition failed', { status: 409 });
          this.objects.delete(path);
        }),
    } as unknown as ClusterPort;
  }
}
