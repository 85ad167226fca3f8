import { z } from 'zod';
import { ObjectRef } from '../../domain/plan.ts';

/**
 * A field of an object, and what it is before and after. Null: it is not there. A part `[name=coredns]` of the path is the element of a list that
 * has that value in that field; an element is never made.
 */
export const EditField = z.object({ path: z.array(z.string().min(1)).min(1), before: z.unknown(), after: z.unknown() });
export type EditField = z.infer<typeof EditField>;

/** A field in words: `spec.containers[name=coredns].resources`. */
export const fieldName = (path: readonly string[]): string => path.join('.').replaceAll('.[', '[');

/** One write: fields of an object that is there, a whole new object, or the end of one. It is done only where all is as it was planned on. */
export const ObjectEdit = z.object({
  object: ObjectRef,
  /** Written through it: whoever may scale a Deployment need not be allowed to change its pods. */
  subresource: z.enum(['scale']).optional(),
  how: z.enum(['patch', 'create', 'delete']),
  /** For `patch`. */
  fields: z.array(EditField),
  /** The whole object, for `create`, and for `delete` what it must still be. */
  body: z.record(z.string(), z.unknown()).nullable(),
  /** The uid that it must have; null: any. */
  uid: z.string().nullable(),
  /** For `delete`: only one that this order made. */
  own: z.boolean().optional(),
});
export type ObjectEdit = z.infer<typeof ObjectEdit>;

/** The annotation of an object that an order made: the order's id. Without it nobody could tell ours from another of the same content. */
export const MADE_BY = 'dns-medic/order';

type Json = NonNullable<ObjectEdit['body']>;
const none = { fields: [], body: null, uid: null };

/** Changes fields of an object. */
export const patchOf = (object: ObjectRef, fields: EditField[], over: Pick<ObjectEdit, 'uid'> & Partial<ObjectEdit>): ObjectEdit => ({
  ...none,
  object,
  how: 'patch',
  fields,
  ...over,
});

/** An object with what the API server must know it by. */
function named({ apiVersion, kind, namespace, name }: ObjectRef, rest: Json): Json {
  const metadata = { ...(rest['metadata'] as Json | undefined), name, ...(namespace === null ? {} : { namespace }) };
  return { apiVersion, kind, ...rest, metadata };
}

/** Makes an object. */
export const createOf = (object: ObjectRef, rest: Json): ObjectEdit => ({ ...none, object, how: 'create', body: named(object, rest) });

/** Deletes an object that still is as `rest` says, which is also what it is made of again. */
export const deleteOf = (object: ObjectRef, rest: Json, uid: string | null): ObjectEdit => ({
  ...none,
  object,
  how: 'delete',
  body: named(object, rest),
  uid,
});

const BACK = { patch: 'patch', create: 'delete', delete: 'create' } as const;

/** The same write backwards. */
export const reverse = (edit: ObjectEdit): ObjectEdit => ({
  ...edit,
  how: BACK[edit.how],
  fields: edit.fields.map(({ path, before, after }) => ({ path, before: after, after: before })).toReversed(),
  uid: edit.how === 'patch' ? edit.uid : null,
  own: edit.how === 'create',
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

/** What the API calls objects of a kind. Throws for a kind that no remedy edits. */
export function pluralOf(kind: string): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`no remedy edits a ${kind}`);
  return plural;
}

/** The path of the list that an object is in. */
export function listPath({ apiVersion, kind, namespace }: Omit<ObjectRef, 'name'>): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${pluralOf(kind)}`;
}

/** The path of an object, from the API server's root. */
export const objectPath = (object: ObjectRef): string => `${listPath(object)}/${encodeURIComponent(object.name)}`;

/** The path that an edit reads and writes at. */
export const editPath = ({ object, subresource }: Pick<ObjectEdit, 'object' | 'subresource'>): string =>
  `${objectPath(object)}${subresource === undefined ? '' : `/${subresource}`}`;

/** An object in words: "Service kube-system/kube-dns". */
export const objectName = ({ kind, namespace, name }: ObjectRef): string => `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
