import { Failure } from '../../base/failure.ts';
import type { Json } from '../../cluster/port.ts';
import type { ActContext } from '../remedy.ts';
import { listPath, type ObjectEdit, objectName, objectPath } from './edit.ts';
import { has, isHidden, isSame, operation, standing } from './fields.ts';

/** What came of one write. `done`: it is as it should be, whoever wrote it. `refused`: it was not written. */
export type Edited = { is: 'done'; wrote: boolean; object: Json | null } | { is: 'refused'; says: string };

/** What is to be done about an object as it stands. */
type Judged = { is: 'done' } | { is: 'write'; body: unknown } | { is: 'refused'; says: string };

const MOST_TRIES = 5;
const PAUSE_MS = 200;
const LONGEST = 200;
const JSON_PATCH = 'application/json-patch+json';
const CONFLICT = 409;

const refused = (says: string): Judged & { is: 'refused' } => ({ is: 'refused', says });
const shown = (value: unknown): string => (value === null ? 'nothing' : JSON.stringify(value).slice(0, LONGEST));

function judgePatch({ object, fields }: ObjectEdit, json: Json): Judged {
  const now = fields.map((field) => standing(json, field.path).value);
  if (fields.every(({ after }, i) => isSame(now[i], after))) return { is: 'done' };
  const other = fields.findIndex(({ before, after }, i) => !isSame(now[i], before) && !isSame(now[i], after));
  const { path = [] } = fields[other] ?? {};
  if (other >= 0) return refused(`somebody has changed ${path.join('.')} of ${objectName(object)} since: it is ${shown(now[other])} now`);
  if (fields.some(({ after }) => isHidden(after)))
    return refused(`what would be written to ${objectName(object)} holds a value that is hidden here`);
  const operations = fields.filter(({ after }, i) => !isSame(now[i], after)).map((field) => operation(json, field));
  if (operations.includes(undefined))
    return refused(`${objectName(object)} has no ${fields.map((one) => one.path.join('.')).join(', ')} any more`);
  // the version that was read goes with it: the API server refuses the patch where the object is another by now
  const version = { op: 'replace', path: '/metadata/resourceVersion', value: json['metadata']?.['resourceVersion'] };
  return { is: 'write', body: [version, ...operations] };
}

/** `json` null: there is none. */
function judge(edit: ObjectEdit, json: Json | null): Judged {
  const name = objectName(edit.object);
  if (json !== null && edit.uid !== null && json['metadata']?.['uid'] !== edit.uid)
    return refused(`${name} is another one than it was: it was deleted and made again`);
  if (edit.how === 'create') {
    if (json === null) return { is: 'write', body: edit.body };
    return has(json, edit.body) ? { is: 'done' } : refused(`there is a ${name} by now, and it is another one`);
  }
  if (json === null) return edit.how === 'delete' ? { is: 'done' } : refused(`${name} is not there any more`);
  if (json['metadata']?.['deletionTimestamp'] !== undefined) return refused(`${name} is being deleted`);
  if (edit.how === 'patch') return judgePatch(edit, json);
  return has(json, edit.body) ? { is: 'write', body: null } : refused(`somebody has changed ${name} since`);
}

async function read({ port, signal }: ActContext, edit: ObjectEdit): Promise<Json | null> {
  try {
    return await port.get(objectPath(edit.object), {}, { signal });
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return null;
    throw error;
  }
}

async function write({ port, signal }: ActContext, edit: ObjectEdit, json: Json | null, body: unknown): Promise<Json | null> {
  if (edit.how === 'create') return port.create(listPath(edit.object), body as Json, { signal });
  if (edit.how === 'patch') return port.patch(objectPath(edit.object), body as Json, JSON_PATCH, { signal });
  // the API server takes both from the query as preconditions (apimachinery, meta/v1/conversion.go: Convert_url_Values_To_v1_DeleteOptions)
  const { uid = '', resourceVersion = '' } = json?.['metadata'] ?? {};
  await port.delete(objectPath(edit.object), { uid: String(uid), resourceVersion: String(resourceVersion) }, { signal });
  return null;
}

const HOW = { patch: 'patched', create: 'created', delete: 'deleted' } as const;

async function tell(context: ActContext, { object, how }: ObjectEdit, json: Json | null): Promise<void> {
  const version: unknown = json?.['metadata']?.['resourceVersion'];
  await context.wrote({ object, how: HOW[how], resourceVersion: typeof version === 'string' ? version : null });
}

/** Whether the write may have been done, or may be tried again: somebody was faster, or no answer came. */
const isOpen = (error: unknown): error is Failure => error instanceof Failure && (error.status === undefined || error.status === CONFLICT);

/**
 * Does one write where the object still is what was planned on, or is as it should be already; anything else is refused with what stands there. A
 * write that somebody else came before, or that no answer came to, is judged again by what stands there then. Rejects with a Failure.
 */
export async function applyEdit(context: ActContext, edit: ObjectEdit): Promise<Edited> {
  let lost: Failure | null = null;
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const json = await read(context, edit);
    const judged = judge(edit, json);
    if (judged.is === 'refused') return judged;
    if (judged.is === 'done') {
      // a write whose answer was lost, and that was done
      if (lost !== null && lost.status === undefined) await tell(context, edit, json);
      return { is: 'done', wrote: lost !== null, object: json };
    }
    context.mayWrite();
    const written = await write(context, edit, json, judged.body).catch((error: unknown) => {
      if (!isOpen(error) || context.signal.aborted) throw error;
      return error;
    });
    if (!(written instanceof Failure)) {
      await tell(context, edit, written);
      return { is: 'done', wrote: true, object: written };
    }
    lost = written;
    await context.pause(PAUSE_MS);
  }
  throw lost ?? new Failure('error', `${objectName(edit.object)} could not be written`);
}
