type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** JSON with the keys of each object in order, so that the same value is the same text. What JSON cannot say is left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(JSON.parse(JSON.stringify(value)) as Json));
}

function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  const rows = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  // By its entries, for a key may be `__proto__`.
  return Object.fromEntries(rows.map(([key, part]) => [key, inOrder(part)] as const));
}
