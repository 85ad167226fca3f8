import { Failure } from '../base/failure.ts';
import type { Json } from './port.ts';
import { REDACTED, redact } from './redact.ts';

/** An object of the API nests about 20 deep (a CustomResourceDefinition); more is an attack on whoever walks it by recursion. */
const MAX_DEPTH = 100;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** A field so called holds a secret itself, not the name of one. */
const SECRET_KEY = /(?:password|passwd|passphrase|pwd|token|secret[_-]?key|api[_-]?key|access[_-]?key|private[_-]?key)$/i;
const SECRET_NAME = /passw|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential/i;

type Place = { node: Json; depth: number };

/**
 * Makes an answer of the API server fit to be kept, in place: secrets out of every string, the bulk of `managedFields` and the
 * last applied configuration dropped, the values of Secrets and of secret-looking environment variables blanked.
 */
export function prune(answer: Json): Json {
  const todo: Place[] = [{ node: answer, depth: 0 }];
  for (let place = todo.pop(); place; place = todo.pop()) {
    if (place.depth > MAX_DEPTH) throw new Failure('error', `the API server's answer is nested more than ${MAX_DEPTH} deep`);
    if (!Array.isArray(place.node)) pruneObject(place.node);
    for (const key of Object.keys(place.node)) visit(place, key, todo);
  }
  return answer;
}

function visit({ node, depth }: Place, key: string, todo: Place[]): void {
  const value: unknown = node[key];
  if (typeof value === 'string') {
    if (SECRET_KEY.test(key) && value !== '') node[key] = REDACTED;
    else if (value.length >= 8) node[key] = redact(value);
  } else if (typeof value === 'object' && value !== null) {
    todo.push({ node: value, depth: depth + 1 });
  }
}

function pruneObject(node: Json): void {
  if (Array.isArray(node['managedFields'])) node['managedFields'] = node['managedFields'].slice(0, 100).map(shortManagedFields);
  if (isObject(node['annotations'])) delete node['annotations'][LAST_APPLIED];
  if (Array.isArray(node['env'])) node['env'].forEach(blankSecretVariable);
  if (node['kind'] === 'Secret') blankValues(node);
  if (node['kind'] === 'SecretList' && Array.isArray(node['items'])) node['items'].filter(isObject).forEach(blankValues);
}

/** Keeps who, when, and which top-level fields and data keys: enough to say that an add-on or GitOps owns the Corefile. */
function shortManagedFields(entry: unknown): Json {
  if (!isObject(entry)) return {};
  const { manager, operation, time, subresource, apiVersion, fieldsV1 } = entry;
  return { manager, operation, time, apiVersion, ...(subresource === undefined ? {} : { subresource }), fieldsV1: shortFields(fieldsV1) };
}

function shortFields(fields: unknown): Json {
  if (!isObject(fields)) return {};
  const names = (of: unknown) =>
    isObject(of)
      ? Object.keys(of)
          .filter((name) => name.startsWith('f:'))
          .slice(0, 50)
      : [];
  const empty = (keys: string[]): Json => Object.fromEntries(keys.map((key) => [key, {}]));
  const short = empty(names(fields));
  if (isObject(fields['f:data'])) short['f:data'] = empty(names(fields['f:data']));
  return short;
}

function blankSecretVariable(variable: unknown): void {
  if (!isObject(variable) || typeof variable['value'] !== 'string' || variable['value'] === '') return;
  if (typeof variable['name'] === 'string' && SECRET_NAME.test(variable['name'])) variable['value'] = REDACTED;
}

function blankValues(secret: Json): void {
  for (const field of ['data', 'stringData']) {
    if (!isObject(secret[field])) continue;
    for (const key of Object.keys(secret[field])) secret[field][key] = REDACTED;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
