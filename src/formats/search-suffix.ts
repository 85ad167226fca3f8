/** What a client asked under one name. Times in milliseconds, a sample when there are many, empty when the log has none. */
export interface NameRecord {
  queries: number;
  nxdomain: number;
  found: number;
  nxdomainAt: number[];
  foundAt: number[];
}

/** Which ends of a name can come from a search path. */
export interface Suffixes {
  /** `.svc.cluster.local.` and `.cluster.local.`, for each zone. */
  zones: { svc: string; zone: string }[];
  /** Others, with a leading and a trailing dot, longest first: of a node (`.eu-west-1.compute.internal.`), given, or learned. */
  others: string[];
}

/** Search domains that nodes on EC2 have by DHCP. */
const ofNodes = /\.(?:[a-z0-9-]{1,40}\.compute\.internal|ec2\.internal)\.$/;
const dotted = (name: string): string => `.${name.replace(/^\.+|\.+$/g, '')}.`;

/**
 * The search suffixes of the clients: those of the zones and those given, those of EC2 nodes, and any end that at least two names with an answer
 * were asked with in vain (`example.com.` found, `example.com.corp.example.` not).
 */
export function learnSuffixes(clients: Map<string, NameRecord>[], given: { zones: string[]; searchSuffixes?: string[] }): Suffixes {
  const zones = given.zones.filter((zone) => dotted(zone) !== '..').map((zone) => ({ svc: `.svc${dotted(zone)}`, zone: dotted(zone) }));
  const inZone = (suffix: string) => zones.some(({ zone }) => suffix === zone || suffix.endsWith(zone));
  const others = new Set((given.searchSuffixes ?? []).map(dotted).filter((suffix) => suffix !== '..' && !inZone(suffix)));
  const bases = new Map<string, Set<string>>();
  for (const names of clients)
    for (const [name, record] of names) if (record.nxdomain > 0 && !inZone(name)) learn(name, names, others, bases);
  for (const [suffix, found] of bases) if (found.size > 1) others.add(suffix);
  return { zones, others: [...others].toSorted((a, b) => b.length - a.length) };
}

function learn(name: string, names: Map<string, NameRecord>, others: Set<string>, bases: Map<string, Set<string>>): void {
  const node = ofNodes.exec(name);
  if (node && node.index > 0) return void others.add(node[0]);
  for (let dot = name.indexOf('.'), n = 0; dot !== -1 && dot < name.length - 1 && n < 12; dot = name.indexOf('.', dot + 1), n++) {
    const base = name.slice(0, dot + 1);
    if (!names.get(base)?.found || bases.size >= 1000) continue;
    const suffix = name.slice(dot);
    const known = bases.get(suffix) ?? new Set();
    if (known.size < 2) bases.set(suffix, known.add(base));
  }
}

/**
 * What the application may have written (without a final dot) when this name was asked, the longest suffix stripped first:
 * `a.b.svc.cluster.local.` may stem from `a` (in namespace b), from `a.b` or from `a.b.svc`. Empty when no suffix fits.
 */
export function baseNames(name: string, { zones, others }: Suffixes): { base: string; by: 'namespace' | 'svc' | 'zone' | 'other' }[] {
  for (const { svc, zone } of zones) {
    if (!name.endsWith(zone) || name.length === zone.length) continue;
    const found: { base: string; by: 'namespace' | 'svc' | 'zone' }[] = [{ base: name.slice(0, -zone.length), by: 'zone' }];
    if (!name.endsWith(svc)) return found;
    const inNamespaces = name.slice(0, -svc.length);
    const dot = inNamespaces.lastIndexOf('.');
    found.unshift({ base: inNamespaces, by: 'svc' });
    if (dot > 0) found.unshift({ base: inNamespaces.slice(0, dot), by: 'namespace' });
    return found;
  }
  const suffix = others.find((end) => name.endsWith(end) && name.length > end.length);
  return suffix === undefined ? [] : [{ base: name.slice(0, -suffix.length), by: 'other' }];
}
