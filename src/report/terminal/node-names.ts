/** Nodes by the first label of their names (`ip-10-0-1-7` of `ip-10-0-1-7.eu-west-1.compute.internal`), where that tells them apart. */
export function shortNodes(nodes: readonly string[]): (node: string) => string {
  const all = [...new Set(nodes)];
  const first = (node: string): string => (/^[\d.]+$/.test(node) ? node : (node.split('.', 1)[0] ?? node));
  const firsts = new Set(all.map(first));
  return firsts.size === all.length ? first : (node) => node;
}

/** A letter for each node, in order, for tables that have no room for names; none after the 26th. */
export function nodeLetters(nodes: readonly string[]): Map<string, string> {
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  return new Map([...new Set(nodes)].slice(0, letters.length).map((node, index) => [node, letters[index] ?? '']));
}
