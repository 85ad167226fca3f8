import { Failure } from '../../base/failure.ts';
import type { Json } from '../../cluster/port.ts';
import type { ActContext } from '../remedy.ts';
import { editPath, listPath, type ObjectEdit, objectName, objectPath } from './edit.ts';
import { isMadeBy, judge } from './judge.ts';

/**
 * What came of one write. `done`: it is as it should be; `wrote`: by this order, now or in a try before. `refused`: it was not written. `unknown`: no
 * answer came, and what stands there cannot be read.
 */
export type Edited = { is: 'done'; wrote: boolean } | { is: 'refused'; says: string } | { is: 'unknown'; says: string };

const MOST_TRIES = 5;
const PAUSE_MS = 200;
/** After a write without an answer, what stands there is asked for until it can be read: so often, so far apart. */
const [MOST_READS, READ_PAUSE_MS] = [20, 3_000];
/** As the API server takes it from the name of this program: the first part of its user agent. */
const MANAGER = 'dns-medic';

/** The type of a patch that names the version that it is for. */
export const JSON_PATCH = 'application/json-patch+json';

/** A Scale leaves a count of 0 out (autoscaling/v1, ScaleSpec: omitempty). */
const counted = (json: Json): Json => ({ ...json, spec: { ...json['spec'], replicas: json['spec']?.['replicas'] ?? 0 } });

async function read({ port, signal }: Pick<ActContext, 'port' | 'signal'>, edit: ObjectEdit): Promise<Json | null> {
  try {
    const json = await port.get(editPath(edit), {}, { signal });
    return edit.subresource === 'scale' ? counted(json) : json;
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return null;
    throw error;
  }
}

async function write({ port, signal }: ActContext, edit: ObjectEdit, json: Json | null, body: unknown): Promise<Json | null> {
  if (edit.how === 'create') return port.create(listPath(edit.object), body as Json, { signal });
  if (edit.how === 'patch') return port.patch(editPath(edit), body as Json, JSON_PATCH, { signal });
  // the API server takes both from the query as preconditions (apimachinery, meta/v1/conversion.go: Convert_url_Values_To_v1_DeleteOptions)
  const { uid = '', resourceVersion = '' } = json?.['metadata'] ?? {};
  await port.delete(editPath(edit), { uid: String(uid), resourceVersion: String(resourceVersion) }, { signal });
  return null;
}

const HOW = { patch: 'patched', create: 'created', delete: 'deleted' } as const;

async function tell(context: ActContext, { object, how }: ObjectEdit, json: Json | null): Promise<void> {
  const version: unknown = json?.['metadata']?.['resourceVersion'];
  await context.wrote({ object, how: HOW[how], resourceVersion: typeof version === 'string' ? version : null });
}

/** No answer that says whether it was done: none at all, or that of a server in trouble. */
const isLost = ({ status }: Failure): boolean => status === undefined || status >= 500;
const CONFLICT = 409;

/** Whether what stands there is ours: an order that died had written it before. */
async function isOurs({ port, signal, change }: ActContext, edit: ObjectEdit, json: Json | null): Promise<boolean> {
  if (json === null) return false;
  if (edit.how === 'create') return isMadeBy(json, change);
  // a subresource does not say who wrote it
  const whole = edit.subresource === undefined ? json : await port.get(objectPath(edit.object), {}, { signal });
  const managers: unknown = whole['metadata']?.['managedFields'];
  return Array.isArray(managers) && managers.some((entry: Json | null) => entry?.['manager'] === MANAGER);
}

/** What stands there; a Failure where that cannot be read after a write whose answer was lost. */
async function standsNow(context: ActContext, edit: ObjectEdit, lost: Failure | null): Promise<Json | null | Failure> {
  for (let reads = 1; ; reads += 1) {
    try {
      return await read(context, edit);
    } catch (error) {
      if (!(error instanceof Failure) || context.signal.aborted || lost === null || !isLost(lost) || !isLost(error)) throw error;
      if (reads >= MOST_READS) return error;
      await context.pause(READ_PAUSE_MS);
    }
  }
}

/** The write that came through, or why it may not have. */
async function tried(context: ActContext, edit: ObjectEdit, json: Json | null, body: unknown): Promise<Failure | null> {
  context.mayWrite();
  try {
    const written = await write(context, edit, json, body);
    await tell(context, edit, written);
    return null;
  } catch (error) {
    if (!(error instanceof Failure) || context.signal.aborted) throw error;
    if (isLost(error) || error.status === CONFLICT) return error;
    throw error;
  }
}

/**
 * Does one write where the object still is what was planned on, or is as it should be already; anything else is refused with what stands there. A
 * write that somebody else came before, or that no answer came to, is judged again by what stands there then. Rejects with a Failure.
 */
export async function applyEdit(context: ActContext, edit: ObjectEdit): Promise<Edited> {
  let failed: Failure | null = null;
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const json = await standsNow(context, edit, failed);
    if (json instanceof Failure)
      return { is: 'unknown', says: `whether ${objectName(edit.object)} was written is not known: ${json.message}` };
    const judged = judge(edit, json, context.change);
    if (judged.is === 'refused') return judged;
    if (judged.is === 'done') {
      const wasWritten = failed !== null && isLost(failed);
      if (wasWritten) await tell(context, edit, json);
      return { is: 'done', wrote: wasWritten || (await isOurs(context, edit, json)) };
    }
    failed = await tried(context, edit, json, judged.body);
    if (failed === null) return { is: 'done', wrote: true };
    await context.pause(PAUSE_MS);
  }
  throw failed ?? new Failure('error', `${objectName(edit.object)} could not be written`);
}

/** Whether the object is as the edit would make it. Rejects with a Failure. */
export async function isApplied(context: ActContext, edit: ObjectEdit): Promise<boolean> {
  return judge(edit, await read(context, edit), context.change).is === 'done';
}
