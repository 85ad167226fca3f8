const OBJECT = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const LABEL = /^[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?$/i;
const LONGEST_HOST = 253;

/** What is expected of a name that somebody types, in words for the one who typed another. */
export const EXPECTED = {
  pod: 'expected NAMESPACE/POD or NAMESPACE/WORKLOAD, as in shop/cart',
  node: 'expected the name of a node: kubectl get nodes',
  name: 'expected a host name such as api.example.com',
} as const;

/** The pod or workload that is meant, as `namespace/name`; `pod/` may stand before it. Null when it is no such name. */
export function podNamed(text: string): string | null {
  const parts = text.replace(/^pods?\//, '').split('/');
  return parts.length === 2 && parts.every((part) => OBJECT.test(part)) ? parts.join('/') : null;
}

/** The node that is meant; null when it is no name of one. */
export const nodeNamed = (text: string): string | null => (OBJECT.test(text) ? text : null);

/** The host name that is meant, as written; null when no resolver would take it. */
export function hostNamed(text: string): string | null {
  const labels = text.replace(/\.$/, '').split('.');
  return text.length <= LONGEST_HOST && labels.every((label) => LABEL.test(label)) ? text : null;
}
