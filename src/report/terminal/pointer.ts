/** A place in a reading: what stands there, and where that is in words of the field rather than of JSON. */
export interface Place {
  value: unknown;
  /** Names of the things that it belongs to, outermost first: a pod, a node, a policy. */
  owners: string[];
  /** The keys behind the last of them, `container.reason`. */
  path: string;
}

const naming = ['name', 'pod', 'node', 'host', 'component', 'service', 'to', 'address'] as const;

const unescaped = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');

const valueOf = (here: unknown, key: string): unknown =>
  typeof here === 'object' && here !== null && Object.hasOwn(here, key) ? Reflect.get(here, key) : undefined;

function nameOf(value: unknown): string | null {
  const names = naming.map((key) => valueOf(value, key)).filter((name) => typeof name === 'string' && name !== '');
  return (names[0] as string | undefined) ?? null;
}

/** Follows an RFC 6901 pointer. Null when nothing is there. */
export function placeAt(data: unknown, pointer: string): Place | null {
  const keys = pointer.split('/').slice(1, 20).map(unescaped);
  let place: Place = { value: data, owners: [], path: '' };
  for (const key of keys) {
    const value = valueOf(place.value, key);
    if (value === undefined) return null;
    const name = Array.isArray(place.value) ? nameOf(value) : null;
    if (name !== null) place = { value, owners: [...place.owners, name], path: '' };
    else place = { value, owners: place.owners, path: place.path === '' ? key : `${place.path}.${key}` };
  }
  return place;
}
