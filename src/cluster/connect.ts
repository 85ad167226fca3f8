import { DEFAULT_MAX_BYTES, readFirst, readJson } from './body.ts';
import { type ClusterAccess, openLogin } from './cluster-login.ts';
import { identify } from './credentials.ts';
import { execOver } from './exec.ts';
import type { Environment } from './kubeconfig-file.ts';
import { readLogs } from './logs.ts';
import { listPaged } from './list.ts';
import type { CallOptions, ClusterPort, Json } from './port.ts';
import { prune } from './prune.ts';
import { redact } from './redact.ts';
import { createRest, type Rest, type RestRequest } from './rest.ts';
import { createTransport } from './transport.ts';

export type { ClusterAccess } from './cluster-login.ts';

/** A cluster that can be asked. */
export type ConnectedCluster = ClusterPort & { contextName: string; server: string };

/**
 * Opens a cluster: reads the kubeconfig and gets credentials (runs the credential plugin once), but sends nothing to the cluster yet.
 * `environment` gives KUBECONFIG, HOME and what a credential plugin needs. Rejects with UsageError, whose text says what to mend.
 */
export async function connect(access: ClusterAccess, environment: Environment): Promise<ConnectedCluster> {
  const login = await openLogin(access, environment);
  await identify(login);
  const transport = createTransport(login);
  const rest = createRest(login, transport);
  return {
    contextName: login.contextName,
    server: login.server,
    ...reading(rest),
    ...writing(rest),
    logs: (options) => readLogs(rest, options),
    exec: (options) => execOver(transport, login.server, rest.meter, options),
    cost: () => ({ ...rest.meter }),
    close: () => transport.close(),
  };
}

function reading(rest: Rest): Pick<ClusterPort, 'get' | 'list' | 'text'> {
  return {
    get: (path, query, options = {}) => json(rest, { method: 'GET', path, query }, options),
    list: (path, options = {}) => listPaged(rest, path, options),
    text: (path, query, options = {}) =>
      rest.call({ method: 'GET', path, query, accept: '*/*' }, options, async (answer) => {
        const bytes = await readFirst(answer.body, options.maxBytes ?? DEFAULT_MAX_BYTES, (size) => (rest.meter.bytes += size));
        return { text: redact(bytes.text()), truncated: bytes.truncated };
      }),
  };
}

function writing(rest: Rest): Pick<ClusterPort, 'create' | 'patch' | 'delete'> {
  const contentType = 'application/json';
  return {
    create: (path, body, options = {}) => json(rest, { method: 'POST', path, body: JSON.stringify(body), contentType }, options),
    patch: (path, body, type, options = {}) =>
      json(rest, { method: 'PATCH', path, body: JSON.stringify(body), contentType: type }, options),
    delete: async (path, query, options = {}) => {
      const done = rest.call({ method: 'DELETE', path, query }, options, (answer) =>
        readFirst(answer.body, 64 * 1024, (size) => (rest.meter.bytes += size)),
      );
      await done;
    },
  };
}

function json(rest: Rest, request: RestRequest, options: CallOptions): Promise<Json> {
  return rest.call(request, options, async (answer) => {
    const what = `${request.method} ${request.path}`;
    return prune(await readJson(answer, options.maxBytes ?? DEFAULT_MAX_BYTES, what, (size) => (rest.meter.bytes += size)));
  });
}
