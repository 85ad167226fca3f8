import type { Json } from '../cluster/port.ts';
import type { ObjectRef } from '../domain/plan.ts';
import { matches } from '../rules/label-selector.ts';
import { askedAddresses, serviceAnew } from './dns-service/anew.ts';
import { repairedField } from './dns-service/fields.ts';
import { DnsServiceParams, dnsServiceHelp } from './dns-service/params.ts';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { plannedObject } from './kit/diff.ts';
import { type ObjectEdit, objectName } from './kit/edit.ts';
import { ownerOf } from './kit/owners.ts';
import { liveObject, seen, uidOf } from './kit/read.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const isPaired = (address: string, { evidence }: PlanContext): boolean => {
  const asked = askedAddresses(evidence);
  return asked.length === 0 || asked.includes(address);
};

function anew(context: PlanContext, object: ObjectRef, clusterIP: string, live: Json | null): Draft<Edits> | NoDraft {
  const name = objectName(object);
  if (live !== null) {
    const has = String(live['spec']?.['clusterIP']);
    if (has === clusterIP) return { why: 'not-needed', says: `${name} is there, with the address ${clusterIP}` };
    const save = `kubectl -n ${object.namespace} get service ${object.name} -o yaml > ${object.name}.yaml`;
    const says = `${name} has the address ${has}, which cannot be changed: it would have to be deleted and made again, and nobody is served in between`;
    return { why: 'unsafe', says, next: [save, `Delete it, and make it again with clusterIP: ${clusterIP}.`] };
  }
  if (!isPaired(clusterIP, context))
    return { why: 'unsafe', says: `no pod has ${clusterIP} as its nameserver: they have ${askedAddresses(context.evidence).join(', ')}` };
  const edit = serviceAnew(object, clusterIP, context.evidence);
  const doubts = askedAddresses(context.evidence).length === 0 ? ['Nobody could see which address pods have as their nameserver.'] : [];
  return drafted(edit, `make ${name} again with the address ${clusterIP}`, {
    warnings: doubts,
    undo: 'The Service is deleted again.',
    owner: null,
  });
}

function drafted(
  edit: ObjectEdit,
  summary: string,
  { warnings, undo, owner }: { warnings: string[]; undo: string; owner: ReturnType<typeof ownerOf> },
): Draft<Edits> {
  const data: Edits = { edits: [edit], rollout: null };
  return { summary, helps: null, warnings, objects: [plannedObject(edit, owner)], pods: [], undo, endsAfterMs: null, data };
}

function selectorRefusal({ evidence }: PlanContext, selector: DnsServiceParams['selector'], namespace: string | null): NoDraft | null {
  const pods = seen(evidence, 'coredns-pods')?.items.filter((pod) => pod.namespace === namespace) ?? [];
  if (selector === undefined || pods.some(({ labels }) => matches({ matchLabels: selector }, labels))) return null;
  return { why: 'unsafe', says: 'no CoreDNS pod that was seen has these labels, so nobody would be served' };
}

const isServed = ({ evidence }: PlanContext): boolean => seen(evidence, 'endpoint-slices')?.endpoints.some(({ ready }) => ready) === true;

function changed(context: PlanContext, object: ObjectRef, params: DnsServiceParams, live: Json | null): Draft<Edits> | NoDraft {
  const name = objectName(object);
  if (live === null) return { why: 'not-here', says: `there is no ${name}`, next: ['It can be made again: parameter clusterIP.'] };
  const refusal = selectorRefusal(context, params.selector, object.namespace);
  if (refusal !== null) return refusal;
  const field = repairedField(live, params, seen(context.evidence, 'coredns-workload'));
  if (field === null) return { why: 'not-needed', says: `${name} is so already` };
  const edit: ObjectEdit = { object, how: 'patch', fields: [field], body: null, uid: uidOf(live) };
  const warnings = params.selector !== undefined && isServed(context) ? ['The endpoints that it has now are replaced by others.'] : [];
  const owner = ownerOf(live, { cluster: context.request.cluster, addonValues: null });
  return drafted(edit, `set ${field.path.join('.')} of ${name} right`, { warnings, undo: 'It is set back to what it was.', owner });
}

/** The Service that cluster DNS has, or that it should have. */
function dnsServiceOf({ evidence }: PlanContext): ObjectRef {
  const known = seen(evidence, 'dns-service');
  const namespace = known?.namespace ?? seen(evidence, 'coredns-workload')?.namespace ?? 'kube-system';
  return { apiVersion: 'v1', kind: 'Service', namespace, name: known?.name ?? 'kube-dns' };
}

/** Sets one thing right in the Service of cluster DNS, or makes it again with the address that pods have. */
export const repairDnsService: Remedy<DnsServiceParams, Edits> = {
  id: 'repair-dns-service',
  title: 'Set the DNS Service right',
  helps: 'Where the Service kube-dns is gone, selects no CoreDNS pod, lacks a port, sends to a wrong one, or keeps queries on their node.',
  risk: 'safe',
  needs: [
    { group: '', resource: 'services', verb: 'get', scope: 'dns' },
    { group: '', resource: 'services', verb: 'create', scope: 'dns' },
    { group: '', resource: 'services', verb: 'patch', scope: 'dns', names: ['kube-dns'] },
    { group: '', resource: 'services', verb: 'delete', scope: 'dns', names: ['kube-dns'] },
  ],
  params: DnsServiceParams,
  paramHelp: dnsServiceHelp,
  data: Edits,
  proves: [],
  effect: { withinMs: 30_000, why: 'kube-proxy takes over a change of a Service within seconds on every node' },
  async plan(context, params) {
    const object = dnsServiceOf(context);
    if ((params.namespace ?? object.namespace) !== object.namespace || (params.name ?? object.name) !== object.name)
      return {
        why: 'not-here',
        says: `the Service of cluster DNS is ${object.namespace}/${object.name} here, and no other one is touched`,
      };
    const live = await liveObject(context, object);
    return params.clusterIP === undefined ? changed(context, object, params, live) : anew(context, object, params.clusterIP, live);
  },
  apply: (context, data) => applyEdits(context, data),
  undo: (context, data) => undoEdits(context, data),
};
