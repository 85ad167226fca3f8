import type { ClusterPort, Json, ListResult } from '../../src/cluster/port.ts';

/** A port of which a test gives only what is asked; anything else rejects. `calls` notes every call with its path. */
export function fakePort(some: Partial<ClusterPort>): ClusterPort & { calls: string[] } {
  const calls: string[] = [];
  const missing = (name: string) => () => Promise.reject(new Error(`${name} was not expected`));
  const noted = <T extends (...given: never[]) => Promise<unknown>>(name: string, call: T | undefined): T =>
    ((...given: never[]) => {
      calls.push(`${name} ${typeof given[0] === 'string' ? (given[0] as string) : ''}`.trim());
      return (call ?? (missing(name) as unknown as T))(...given);
    }) as T;
  return {
    calls,
    get: noted('get', some.get),
    list: noted('list', some.list),
    text: noted('text', some.text),
    logs: noted('logs', some.logs),
    exec: noted('exec', some.exec),
    create: noted('create', some.create),
    patch: noted('patch', some.patch),
    delete: noted('delete', some.delete),
    cost: () => ({ apiRequests: calls.length, bytes: 0 }),
    close: async () => {},
  };
}

export const listOf = (items: Json[]): ListResult<Json> => ({ items, complete: true, remaining: 0 });
