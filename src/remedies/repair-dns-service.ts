import type { Json } from '../cluster/port.ts';
import type { ObjectRef, Owner, Plan } from '../domain/plan.ts';
import type { Permission } from '../domain/reading.ts';
import { matches } from '../rules/label-selector.ts';
import { askedAddresses, moved, serviceAnew } from './dns-service/anew.ts';
import { repairedField } from './dns-service/fields.ts';
import { DnsServiceParams, dnsServiceHelp } from './dns-service/params.ts';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { plannedObject } from './kit/diff.ts';
import { dryRun } from './kit/dry-run.ts';
import { createOf, type ObjectEdit, objectName, patchOf } from './kit/edit.ts';
import { isHidden } from './kit/fields.ts';
import { ownerOf } from './kit/owners.ts';
import { liveObject, seen, uidOf } from './kit/read.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const needs: readonly Permission[] = [
  { group: '', resource: 'services', verb: 'get', scope: 'dns' },
  { group: '', resource: 'services', verb: 'create', scope: 'dns' },
  { group: '', resource: 'services', verb: 'patch', scope: 'dns', names: ['kube-dns'] },
  { group: '', resource: 'services', verb: 'delete', scope: 'dns', names: ['kube-dns'] },
];

interface Parts {
  edits: ObjectEdit[];
  summary: string;
  warnings: string[];
  undo: string;
  owner: Owner | null;
}

const drafted = ({ edits, summary, warnings, undo, owner }: Parts): Draft<Edits> => ({
  summary,
  helps: null,
  warnings,
  objects: edits.map((edit) => plannedObject(edit, owner)),
  pods: [],
  undo,
  endsAfterMs: null,
  data: { edits, rollout: null, ...(edits.length > 1 ? { together: true } : {}) },
});

/** A Service with another address: deleted, and made again with the one that pods have. */
async function elsewhere(context: PlanContext, object: ObjectRef, clusterIP: string, live: Json): Promise<Draft<Edits> | NoDraft> {
  const name = objectName(object);
  const has = String(live['spec']?.['clusterIP']);
  if (has === clusterIP) return { why: 'not-needed', says: `${name} is there, with the address ${clusterIP}` };
  const asked = askedAddresses(context.evidence);
  if (asked.length === 0) return { why: 'unknown', says: 'nobody could see which address pods have as their nameserver' };
  if (asked.includes(has)) return { why: 'unsafe', says: `some pods have its address ${has} as their nameserver: they would lose it` };
  const edits = moved(object, live, clusterIP);
  if (edits.some(({ body }) => isHidden(body)))
    return { why: 'unsafe', says: `${name} holds a value that is hidden here, and would be lost` };
  // under another name, for it is there itself: whether the address is free, and one of the cluster's
  const trial = { ...object, name: `${object.name}-try` };
  const refused = await dryRun(context, createOf(trial, edits[1].body as Json), { live: null, needs });
  if (refused !== null) return refused;
  const owner = ownerOf(live, { cluster: context.request.cluster, addonValues: null });
  const warnings = [`Its address is ${has} now: whoever asks there gets no answer any more.`];
  const summary = `delete ${name} and make it again with the address ${clusterIP} instead of ${has}`;
  return { ...drafted({ edits, summary, warnings, undo: `It is made again with ${has}.`, owner }), risk: 'disruptive' };
}

/** A Service that is gone. */
async function anew(context: PlanContext, object: ObjectRef, clusterIP: string): Promise<Draft<Edits> | NoDraft> {
  const asked = askedAddresses(context.evidence);
  const edit = serviceAnew(object, clusterIP, context.evidence);
  const refused = await dryRun(context, edit, { live: null, needs });
  if (refused !== null) return refused;
  const warnings = asked.length === 0 ? ['Nobody could see which address pods have as their nameserver.'] : [];
  const summary = `make ${objectName(object)} again with the address ${clusterIP}`;
  return drafted({ edits: [edit], summary, warnings, undo: 'The Service is deleted again.', owner: null });
}

async function withAddress(context: PlanContext, object: ObjectRef, clusterIP: string, live: Json | null): Promise<Draft<Edits> | NoDraft> {
  const asked = askedAddresses(context.evidence);
  if (asked.length > 0 && !asked.includes(clusterIP))
    return { why: 'unsafe', says: `no pod has ${clusterIP} as its nameserver: they have ${asked.join(', ')}` };
  return live === null ? anew(context, object, clusterIP) : elsewhere(context, object, clusterIP, live);
}

function selectorRefusal({ evidence }: PlanContext, selector: DnsServiceParams['selector'], namespace: string | null): NoDraft | null {
  const pods = seen(evidence, 'coredns-pods')?.items.filter((pod) => pod.namespace === namespace) ?? [];
  if (selector === undefined || pods.some(({ labels }) => matches({ matchLabels: selector }, labels))) return null;
  return { why: 'unsafe', says: 'no CoreDNS pod that was seen has these labels, so nobody would be served' };
}

const isServed = ({ evidence }: PlanContext): boolean => seen(evidence, 'endpoint-slices')?.endpoints.some(({ ready }) => ready) === true;

async function changed(
  context: PlanContext,
  object: ObjectRef,
  params: DnsServiceParams,
  live: Json | null,
): Promise<Draft<Edits> | NoDraft> {
  const name = objectName(object);
  if (live === null) return { why: 'not-here', says: `there is no ${name}`, next: ['It can be made again: parameter clusterIP.'] };
  const refusal = selectorRefusal(context, params.selector, object.namespace);
  if (refusal !== null) return refusal;
  const field = repairedField(live, params, seen(context.evidence, 'coredns-workload'));
  if (field === null) return { why: 'not-needed', says: `${name} is so already` };
  const edit = patchOf(object, [field], { uid: uidOf(live) });
  const refused = await dryRun(context, edit, { live, needs });
  if (refused !== null) return refused;
  const warnings = params.selector !== undefined && isServed(context) ? ['The endpoints that it has now are replaced by others.'] : [];
  const owner = ownerOf(live, { cluster: context.request.cluster, addonValues: null });
  const summary = `set ${field.path.join('.')} of ${name} right`;
  return drafted({ edits: [edit], summary, warnings, undo: 'It is set back to what it was.', owner });
}

/** The rights that a plan needs: it makes or deletes a Service only where it is to have another address. */
const usedBy = ({ objects }: Pick<Plan, 'objects'>): readonly Permission[] => {
  const [first] = objects;
  const verbs = first?.does === 'change' ? ['get', 'patch'] : ['get', 'create', 'delete'];
  return needs.filter(({ verb }) => verbs.includes(verb));
};

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
  needs,
  uses: usedBy,
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
    return params.clusterIP === undefined ? changed(context, object, params, live) : withAddress(context, object, params.clusterIP, live);
  },
  apply: applyEdits,
  undo: undoEdits,
};
