export { closest } from './closest.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const MAX_NAME = 253;

/** Dots of a name as the resolver counts them against ndots; the trailing dot of an absolute name is none of them. */
export function dotCount(name: string): number {
  let dots = 0;
  for (const char of bare(name)) if (char === '.') dots += 1;
  return dots;
}

/** Whether a name, written absolutely or not, lies in the cluster's zone (`cluster.local`), or is the zone itself. */
export function isClusterName(host: string, zone: string): boolean {
  const name = lower(host);
  const suffix = lower(zone);
  return suffix !== '' && (name === suffix || name.endsWith(`.${suffix}`));
}

/**
 * The Service that a name means when it is looked up in a pod of `namespace` (null: not known): `svc`, `svc.ns`, `svc.ns.svc`,
 * `svc.ns.svc.zone`, and in the long forms also the name of an endpoint or an SRV record before it (`web-0.svc.ns.svc`,
 * `_dns._udp.svc.ns.svc`). Null when it can mean none: a pod's own name (`10-0-0-1.ns.pod.zone`), an absolute name elsewhere, no
 * DNS name. A name of two labels is always read as svc.ns, though it may be of the world (`example.com`): see if the namespace exists.
 */
export function serviceOfName(host: string, zone: string, namespace: string | null): { service: string; namespace: string } | null {
  if (host.length > MAX_NAME + 1) return null;
  const inZone = isClusterName(host, zone);
  if (host.endsWith('.') && !inZone) return null;
  const labels = (inZone ? lower(host).slice(0, -lower(zone).length - 1) : lower(host)).split('.');
  const long = labels.length >= 3 && labels.at(-1) === 'svc';
  if (long) return endpointOrSrv(labels.slice(0, -3)) ? named(labels.at(-3), labels.at(-2)) : null;
  if (inZone) return null;
  if (labels.length === 2) return named(labels[0], labels[1]);
  return labels.length === 1 ? named(labels[0], namespace) : null;
}

/** What may stand before the Service: nothing, an endpoint's name, or _port._protocol. */
function endpointOrSrv(labels: string[]): boolean {
  const [first = '', second = ''] = labels;
  if (labels.length === 2) return /^_[-a-z0-9]+$/.test(first) && /^_(tcp|udp|sctp)$/.test(second);
  return labels.length === 0 || (labels.length === 1 && LABEL.test(first));
}

function named(service: string | undefined, namespace: string | null | undefined): { service: string; namespace: string } | null {
  if (service === undefined || namespace === undefined || namespace === null) return null;
  return LABEL.test(service) && LABEL.test(namespace) ? { service, namespace } : null;
}

function bare(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function lower(name: string): string {
  return bare(name).toLowerCase();
}
