import type { Json } from '../../cluster/port.ts';
import type { CorednsWorkload } from '../../domain/coredns.ts';
import type { EditField } from '../kit/edit.ts';
import { isSame } from '../kit/fields.ts';
import type { DnsServiceParams } from './params.ts';

const DNS_PORT = 53;
const NAMES = { UDP: 'dns', TCP: 'dns-tcp' } as const;

type Ports = Record<string, unknown>[];

function portsOf(service: Json): Ports {
  const ports: unknown = service['spec']?.['ports'];
  return Array.isArray(ports) ? (ports as Ports) : [];
}

const protocolOf = (port: Ports[number]): 'UDP' | 'TCP' => (port['protocol'] === 'UDP' ? 'UDP' : 'TCP');

/** Where the pods serve: as the Service has it for the other protocol, by number, since a port's name is of one protocol. */
function targetOf(ports: Ports, workload: CorednsWorkload | undefined): number {
  const target = ports.find((one) => one['port'] === DNS_PORT)?.['targetPort'];
  if (typeof target === 'number') return target;
  return workload?.containerPorts.find((one) => one.name === target)?.port ?? DNS_PORT;
}

function withPorts(ports: Ports, protocols: readonly ('UDP' | 'TCP')[], workload: CorednsWorkload | undefined): Ports {
  const missing = protocols.filter((protocol) => !ports.some((one) => one['port'] === DNS_PORT && protocolOf(one) === protocol));
  // a Service of several ports must have a name for each
  const named = ports.map((one) => (typeof one['name'] === 'string' ? one : { ...one, name: NAMES[protocolOf(one)] }));
  const taken = new Set(named.map((one) => one['name']));
  const added = missing.map((protocol) => ({
    name: taken.has(NAMES[protocol]) ? `${NAMES[protocol]}-${DNS_PORT}` : NAMES[protocol],
    port: DNS_PORT,
    protocol,
    targetPort: targetOf(ports, workload),
  }));
  return added.length === 0 ? ports : [...named, ...added];
}

/** The field of the Service that is to be another, and what it is before and after; null where it is so already. */
export function repairedField(service: Json, params: DnsServiceParams, workload: CorednsWorkload | undefined): EditField | null {
  const field = (name: string, after: unknown): EditField | null => {
    const before: unknown = service['spec']?.[name] ?? null;
    return isSame(before, after) ? null : { path: ['spec', name], before, after };
  };
  const { selector, targetPort, addPorts, internalTrafficPolicy } = params;
  const ports = portsOf(service);
  if (selector !== undefined) return field('selector', selector);
  if (internalTrafficPolicy !== undefined) return field('internalTrafficPolicy', internalTrafficPolicy);
  if (addPorts !== undefined) return field('ports', withPorts(ports, addPorts, workload));
  return field(
    'ports',
    ports.map((one) => (one['port'] === DNS_PORT ? { ...one, targetPort } : one)),
  );
}
