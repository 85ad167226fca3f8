import { z } from 'zod';
import { ObjectRef } from '../../domain/plan.ts';

/**
 * A field of an object, and what it is before and after. Null: it is not there. A part `[name=coredns]` of the path is the element of a list that
 * has that value in that field; an element is never made.
 */
export const EditField = z.object({ path: z.array(z.string().min(1)).min(1), before: z.json(), after: z.json() });
export type EditField = z.infer<typeof EditField>;

/** One write: fields of an object that is there, a whole new object, or the end of one. It is done only where all is as it was planned on. */
export const ObjectEdit = z.object({
  object: ObjectRef,
  how: z.enum(['patch', 'create', 'delete']),
  /** For `patch`. */
  fields: z.array(EditField),
  /** The whole object, for `create`, and for `delete` what it must still be. */
  body: z.record(z.string(), z.json()).nullable(),
  /** The uid that it must have; null: any. */
  uid: z.string().nullable(),
});
export type ObjectEdit = z.infer<typeof ObjectEdit>;

/** The same write backwards. */
export const reverse = (edit: ObjectEdit): ObjectEdit => ({
  ...edit,
  how: edit.how === 'patch' ? 'patch' : edit.how === 'create' ? 'delete' : 'create',
  fields: edit.fields.map(({ path, before, after }) => ({ path, before: after, after: before })).toReversed(),
});

const PLURALS: Readonly<Record<string, string>> = {
  Service: 'services',
  Deployment: 'deployments',
  DaemonSet: 'daemonsets',
  StatefulSet: 'statefulsets',
  NetworkPolicy: 'networkpolicies',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
};

/** The path of the list that an object is in. Throws for a kind that no remedy edits. */
export function listPath({ apiVersion, kind, namespace }: Omit<ObjectRef, 'name'>): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`no remedy edits a ${kind}`);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`;
}

/** The path of an object, from the API server's root. */
export const objectPath = (object: ObjectRef): string => `${listPath(object)}/${encodeURIComponent(object.name)}`;

/** An object in words: "Service kube-system/kube-dns". */
export const objectName = ({ kind, namespace, name }: ObjectRef): string => `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
