import type { Json } from '../../cluster/port.ts';
import { fieldName, MADE_BY, type ObjectEdit, objectName } from './edit.ts';
import { has, isHidden, isSame, operation, standing } from './fields.ts';

/** What is to be done about an object as it stands. `done`: it is as it should be, whoever wrote it. */
export type Judged = { is: 'done' } | { is: 'write'; body: unknown } | { is: 'refused'; says: string };

const LONGEST = 200;

const refused = (says: string): Judged & { is: 'refused' } => ({ is: 'refused', says });
const shown = (value: unknown): string => (value === null ? 'nothing' : JSON.stringify(value).slice(0, LONGEST));

function judgePatch({ object, fields }: ObjectEdit, json: Json): Judged {
  const now = fields.map((field) => standing(json, field.path).value);
  if (fields.every(({ after }, i) => isSame(now[i], after))) return { is: 'done' };
  const other = fields.findIndex(({ before, after }, i) => !isSame(now[i], before) && !isSame(now[i], after));
  const { path = [] } = fields[other] ?? {};
  if (other >= 0) return refused(`somebody has changed ${fieldName(path)} of ${objectName(object)} since: it is ${shown(now[other])} now`);
  if (fields.some(({ after }) => isHidden(after)))
    return refused(`what would be written to ${objectName(object)} holds a value that is hidden here`);
  const operations = fields.filter(({ after }, i) => !isSame(now[i], after)).map((field) => operation(json, field));
  if (operations.includes(undefined))
    return refused(`${objectName(object)} has no ${fields.map((one) => fieldName(one.path)).join(', ')} any more`);
  // the version that was read goes with it: the API server refuses the patch where the object is another by now
  const version = { op: 'replace', path: '/metadata/resourceVersion', value: json['metadata']?.['resourceVersion'] };
  return { is: 'write', body: [version, ...operations] };
}

/** Whether an order made this object. */
export const isMadeBy = (json: Json, change: string): boolean => json['metadata']?.['annotations']?.[MADE_BY] === change;

/** The body of a new object, with the mark of the order that makes it. */
function marked(body: ObjectEdit['body'], change: string): Json {
  const metadata = (body?.['metadata'] ?? {}) as Json;
  return { ...body, metadata: { ...metadata, annotations: { ...(metadata['annotations'] as Json | undefined), [MADE_BY]: change } } };
}

function judgeCreate({ object, body }: ObjectEdit, json: Json | null, change: string): Judged {
  if (json === null) return { is: 'write', body: marked(body, change) };
  return has(json, body) ? { is: 'done' } : refused(`there is a ${objectName(object)} by now, and it is another one`);
}

function judgeDelete({ object, body, uid, own }: ObjectEdit, json: Json | null, change: string): Judged {
  // one of another uid stands where it was: it is gone itself
  if (json === null || (uid !== null && json['metadata']?.['uid'] !== uid)) return { is: 'done' };
  if (own === true && !isMadeBy(json, change)) return refused(`${objectName(object)} is not the one that this order made`);
  return has(json, body) ? { is: 'write', body: null } : refused(`somebody has changed ${objectName(object)} since`);
}

/** What is to be done about an object as it stands (`json` null: there is none) by the order `change`. Pure. */
export function judge(edit: ObjectEdit, json: Json | null, change: string): Judged {
  const name = objectName(edit.object);
  if (typeof json?.['metadata']?.['deletionTimestamp'] === 'string') return refused(`${name} is being deleted`);
  if (edit.how === 'create') return judgeCreate(edit, json, change);
  if (edit.how === 'delete') return judgeDelete(edit, json, change);
  if (json === null) return refused(`${name} is not there any more`);
  if (edit.uid !== null && json['metadata']?.['uid'] !== edit.uid)
    return refused(`${name} is another one than it was: it was deleted and made again`);
  return judgePatch(edit, json);
}
