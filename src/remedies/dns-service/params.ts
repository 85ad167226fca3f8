import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'expected the name of an object');
const PORT = z.coerce.number().int().min(1).max(65_535);
const Protocol = z.enum(['UDP', 'TCP']);
const label = /^([\w./-]{1,317})=([\w.-]{0,63})$/;

/** `k8s-app=kube-dns,tier=dns` as a selector; what is none stays as it is. */
function selectorFrom(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  const pairs = text.split(',').map((part) => label.exec(part.trim()));
  return pairs.includes(null) ? text : Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}

const Selector = z.preprocess(
  selectorFrom,
  z.record(z.string().max(317), z.string().max(63), 'expected labels, as in k8s-app=kube-dns').refine((one) => Object.keys(one).length > 0),
);
const listFrom = (text: unknown): unknown => (typeof text === 'string' ? text.toUpperCase().split(',') : text);

const wishes = ['selector', 'targetPort', 'addPorts', 'internalTrafficPolicy', 'clusterIP'] as const;

/** What is to be repaired of the DNS Service: one thing. */
export const DnsServiceParams = z
  .strictObject({
    namespace: name.optional(),
    name: name.optional(),
    selector: Selector.optional(),
    targetPort: PORT.optional(),
    addPorts: z.preprocess(listFrom, z.array(Protocol).min(1).max(2)).optional(),
    internalTrafficPolicy: z.literal('Cluster').optional(),
    clusterIP: z.union([z.ipv4(), z.ipv6()], 'expected an IP address').optional(),
  })
  .refine((params) => wishes.filter((key) => params[key] !== undefined).length === 1, `say one of ${wishes.join(', ')}`);
export type DnsServiceParams = z.infer<typeof DnsServiceParams>;

/** For help. */
export const dnsServiceHelp: Readonly<Record<string, string>> = {
  namespace: 'its namespace (kube-system)',
  name: 'its name (kube-dns)',
  selector: 'the labels of the CoreDNS pods, as in k8s-app=kube-dns',
  targetPort: 'the port that CoreDNS listens on',
  addPorts: 'UDP, TCP or both: port 53 is added for them',
  internalTrafficPolicy: 'Cluster: nodes without a CoreDNS pod are served by those of other nodes',
  clusterIP: 'the Service is made again with this address, which pods have as their nameserver',
};
