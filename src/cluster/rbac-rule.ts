/** What a request asks of the API server's authorizer. `resource` carries its subresource (`pods/log`). */
export interface AccessAsked {
  verb: string;
  group: string;
  resource: string;
  /** null: cluster-wide. */
  namespace: string | null;
  name: string | null;
}

/** A path that is no resource, such as `/metrics`. */
export interface PathAsked {
  verb: string;
  path: string;
}

const VERBS: Record<string, string> = { POST: 'create', PATCH: 'patch', PUT: 'update', DELETE: 'delete' };

/**
 * What a method and path ask for, by the rules of the API server's request info resolver: GET of a collection is `list`,
 * DELETE of one is `deletecollection`, and a subresource belongs to the resource's name.
 */
export function accessOf(method: string, path: string): AccessAsked | PathAsked {
  const parts = path.split('?', 1)[0]!.split('/').filter(Boolean).map(decode);
  const group = parts[0] === 'apis' ? parts[1] : parts[0] === 'api' ? '' : undefined;
  const rest = parts.slice(parts[0] === 'apis' ? 3 : 2);
  if (group === undefined || rest.length === 0) return { verb: method.toLowerCase(), path: `/${parts.join('/')}` };
  const namespaced = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize';
  const [resource = '', name = null, subresource] = namespaced ? rest.slice(2) : rest;
  return {
    verb: verbOf(method, name),
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace: namespaced ? rest[1]! : null,
    name,
  };
}

/** The rule that would allow it, as one line of a Role or ClusterRole; only for objects of these names, where there are any. */
export function ruleLine(asked: AccessAsked | PathAsked, verbs: readonly string[] = [asked.verb], names: readonly string[] = []): string {
  if ('path' in asked) return `- {nonResourceURLs: ["${asked.path}"], verbs: [${verbs.join(', ')}]}`;
  const bound = names.length === 0 ? '' : ` resourceNames: [${names.map((name) => JSON.stringify(name)).join(', ')}],`;
  return `- {apiGroups: ["${asked.group}"], resources: [${asked.resource}],${bound} verbs: [${verbs.join(', ')}]}`;
}

/** The refusal in plain words: "user "x" may not list pods in the core API group in namespace shop". */
export function refusal(asked: AccessAsked | PathAsked, user: string | null): string {
  const who = user === null ? 'this user' : `user "${user}"`;
  if ('path' in asked) return `${who} may not ${asked.verb} the path ${asked.path}`;
  const group = asked.group === '' ? 'the core API group' : `API group ${asked.group}`;
  const where = asked.namespace === null ? 'in the whole cluster' : `in namespace ${asked.namespace}`;
  return `${who} may not ${asked.verb} ${asked.resource} of ${group} ${where}`;
}

function verbOf(method: string, name: string | null): string {
  if (method === 'GET') return name === null ? 'list' : 'get';
  if (method === 'DELETE' && name === null) return 'deletecollection';
  return VERBS[method] ?? method.toLowerCase();
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
