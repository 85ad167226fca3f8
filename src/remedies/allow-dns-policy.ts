import { z } from 'zod';
import type { LabelSelector } from '../domain/coredns.ts';
import type { NetworkPolicies } from '../domain/network.ts';
import type { ObjectRef } from '../domain/plan.ts';
import type { Permission } from '../domain/reading.ts';
import { applicationSelector } from '../rules/missing-rule.ts';
import { egressVerdict, ingressVerdict, type Via } from '../rules/network-policy.ts';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { plannedObject } from './kit/diff.ts';
import { dryRun } from './kit/dry-run.ts';
import { createOf, objectName } from './kit/edit.ts';
import { has } from './kit/fields.ts';
import { liveObject, seen, unread } from './kit/read.ts';
import { policyBody, type PolicySpec, ports, servedPort, widest } from './policy/body.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const Params = z.strictObject({ side: z.enum(['egress', 'ingress'], { error: 'expected egress or ingress' }).optional() });
type Params = z.infer<typeof Params>;

/** The name of our policy: one in a namespace. */
const NAME = 'dns-medic-allow-dns';

const needsIn = (scope: 'dns' | 'pod'): Permission[] => [
  { group: 'networking.k8s.io', resource: 'networkpolicies', verb: 'create', scope },
  { group: 'networking.k8s.io', resource: 'networkpolicies', verb: 'get', scope, names: [NAME] },
  { group: 'networking.k8s.io', resource: 'networkpolicies', verb: 'delete', scope, names: [NAME] },
];
const needs: readonly Permission[] = [...needsIn('dns'), ...needsIn('pod')];

/** What is to be opened: for which pods, in which namespace, and for what. */
interface Opening {
  namespace: string;
  says: string;
  side: 'egress' | 'ingress';
  spec: PolicySpec;
}

/** The way out of the named pod, where policies close it; null: they do not, or no pod is named. */
function egressOpening({ evidence }: PlanContext, { policies, client, coredns }: NetworkPolicies): Opening | null {
  if (client === null || client.hostNetwork) return null;
  const service = seen(evidence, 'dns-service');
  const via: Via = { ips: service?.clusterIPs ?? [], port: 53, ...(service === undefined ? {} : { selector: service.selector }) };
  const verdicts = coredns.flatMap((server) =>
    ['UDP', 'TCP'].map((protocol) => egressVerdict(policies, client, server, servedPort(server), protocol, via)),
  );
  const closed = verdicts.find(({ allowed }) => !allowed);
  const [server] = coredns;
  if (closed === undefined || server === undefined) return null;
  const addresses = [...(service?.clusterIPs ?? []), ...(seen(evidence, 'cluster-class')?.nodeLocalDns?.ips ?? [])];
  const spec = policyBody('Egress', widest(closed.selecting), { server, addresses, ports: ports(coredns.map(servedPort)) });
  const { namespace } = client;
  return { namespace, side: 'egress', says: `let pods of namespace ${namespace} ask CoreDNS`, spec };
}

/** Both must hold. */
const both = (one: LabelSelector, other: LabelSelector): LabelSelector => ({
  matchLabels: { ...one.matchLabels, ...other.matchLabels },
  ...(one.matchExpressions === undefined ? {} : { matchExpressions: one.matchExpressions }),
});

/** The way into CoreDNS, where policies close it to anybody who was looked at; null: they do not. */
function ingressOpening({ policies, client, coredns, sample }: NetworkPolicies): Opening | null {
  const clients = [...(client === null ? [] : [client]), ...sample].filter(({ hostNetwork }) => !hostNetwork);
  for (const server of coredns) {
    const verdicts = clients.flatMap((one) =>
      ['UDP', 'TCP'].map((protocol) => ingressVerdict(policies, one, server, servedPort(server), protocol)),
    );
    const closed = verdicts.find(({ allowed }) => !allowed);
    if (closed === undefined) continue;
    // only pods that are closed already: a policy that picked others would close them
    const selector = both(widest(closed.selecting), applicationSelector(server.labels));
    const spec = policyBody('Ingress', selector, { server, addresses: [], ports: ports(coredns.map(servedPort)) });
    return { namespace: server.namespace, side: 'ingress', says: `let everybody ask CoreDNS in ${server.namespace}`, spec };
  }
  return null;
}

function openingFor(context: PlanContext, { side }: Params, policies: NetworkPolicies): Opening | NoDraft {
  if (policies.coredns.length === 0) return { why: 'not-here', says: 'there is no CoreDNS pod to open the way to' };
  const egress = side === 'ingress' ? null : egressOpening(context, policies);
  const opening = egress ?? (side === 'egress' ? null : ingressOpening(policies));
  if (opening !== null) return opening;
  if (side === 'egress' && policies.client === null)
    return { why: 'unknown', says: 'no pod is named whose way out could be judged', next: ['Name a pod or a workload: pod=shop/cart.'] };
  return { why: 'not-needed', says: 'no NetworkPolicy that was read keeps a pod that was looked at from asking CoreDNS' };
}

/** With what shows that lookups get through: a policy that nobody enforces, or one of another engine beside it, is no proof. */
const PROVES = {
  egress: ['netpol-egress-denies-dns', 'pod-lookups-fail'],
  ingress: [
    'netpol-ingress-blocks-coredns',
    'pod-lookups-fail',
    'coredns-endpoint-unanswering',
    'node-to-node-dns-blocked',
    'kubeproxy-rules-missing',
    'dns-packet-loss',
    'tcp53-blocked',
  ],
};

function warningsOf({ foreign }: NetworkPolicies, isIngress: boolean): string[] {
  const others = foreign.filter(({ count }) => count > 0).map(({ kind, count }) => `${count} ${kind}`);
  return [
    ...(isIngress ? ['Every pod of the cluster may ask CoreDNS then, also those that a policy was meant to keep out.'] : []),
    ...(others.length === 0 ? [] : [`Policies of other kinds are not judged here, and may still keep queries off: ${others.join(', ')}.`]),
  ];
}

async function plan(context: PlanContext, params: Params): Promise<Draft<Edits> | NoDraft> {
  const policies = seen(context.evidence, 'network-policies');
  if (policies === undefined) return unread(context.evidence, 'network-policies', 'the NetworkPolicies');
  const opening = openingFor(context, params, policies);
  if ('why' in opening) return opening;
  const { namespace, says, side, spec } = opening;
  const object: ObjectRef = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace, name: NAME };
  const labels = { 'app.kubernetes.io/managed-by': 'dns-medic' };
  const edit = createOf(object, { metadata: { labels }, spec: spec });
  const live = await liveObject(context, object);
  if (live !== null)
    return has(live['spec'], spec)
      ? { why: 'not-needed', says: `${objectName(object)} is there already, and opens just that` }
      : {
          why: 'unsafe',
          says: `there is a ${objectName(object)} already, which opens something else`,
          next: [`See it: kubectl -n ${namespace} get networkpolicy ${NAME} -o yaml`],
        };
  const refused = await dryRun(context, edit, { live: null, needs });
  if (refused !== null) return refused;
  return {
    summary: `add ${objectName(object)}: ${says} on port 53`,
    helps: null,
    warnings: warningsOf(policies, side === 'ingress'),
    objects: [plannedObject(edit)],
    pods: [],
    undo: 'The policy is deleted.',
    endsAfterMs: null,
    params: { side },
    proves: PROVES[side],
    data: { edits: [edit], rollout: null },
  };
}

/** Adds a NetworkPolicy that opens the way to CoreDNS. Policies only ever add up: no other one is touched. */
export const allowDnsPolicy: Remedy<Params, Edits> = {
  id: 'allow-dns-policy',
  title: 'Add a NetworkPolicy that lets pods ask CoreDNS',
  helps: 'Where a NetworkPolicy keeps pods from asking CoreDNS, or CoreDNS from being asked.',
  risk: 'safe',
  needs,
  uses: ({ params }) => needsIn(params['side'] === 'ingress' ? 'dns' : 'pod'),
  params: Params,
  paramHelp: { side: 'egress: out of the named pod; ingress: into CoreDNS; what is closed, unless said' },
  data: Edits,
  proves: ['netpol-egress-denies-dns', 'netpol-ingress-blocks-coredns'],
  effect: { withinMs: 30_000, why: 'network policy engines take over a new policy within seconds' },
  plan,
  apply: applyEdits,
  undo: undoEdits,
};
