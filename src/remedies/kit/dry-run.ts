import { Failure } from '../../base/failure.ts';
import type { Json } from '../../cluster/port.ts';
import type { Permission } from '../../domain/reading.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import { JSON_PATCH } from './apply-edit.ts';
import { editPath, listPath, type ObjectEdit, objectName, pluralOf } from './edit.ts';
import { judge } from './judge.ts';

const DRY_RUN = '?dryRun=All';

/** Whether `needs` name the right that was missing: then it is asked for with all others, and told with them. */
function isDeclared(needs: readonly Permission[], { object, how, subresource }: ObjectEdit): boolean {
  const resource = `${pluralOf(object.kind)}${subresource === undefined ? '' : `/${subresource}`}`;
  return needs.some((need) => need.resource === resource && need.verb === how && (need.names?.includes(object.name) ?? true));
}

async function send({ port, signal }: PlanContext, edit: ObjectEdit, live: Json | null): Promise<NoDraft | null> {
  const judged = judge(edit, live, '');
  if (judged.is === 'done') return null;
  if (judged.is === 'refused') return { why: 'unsafe', says: judged.says };
  if (edit.how === 'create') await port.create(`${listPath(edit.object)}${DRY_RUN}`, judged.body as Json, { signal });
  if (edit.how === 'patch') await port.patch(`${editPath(edit)}${DRY_RUN}`, judged.body as Json, JSON_PATCH, { signal });
  return null;
}

/**
 * Lets the API server judge a write without doing it: what its admission, its validation or its check against escalation would refuse later is no
 * plan now. `live`: the object as it stands. Null: it would go through. Rejects with a Failure where nobody answers.
 */
export async function dryRun(
  context: PlanContext,
  edit: ObjectEdit,
  { live, needs }: { live: Json | null; needs: readonly Permission[] },
): Promise<NoDraft | null> {
  try {
    return await send(context, edit, live);
  } catch (error) {
    if (!(error instanceof Failure) || error.status === undefined || error.status >= 500 || error.status === 429) throw error;
    if (error.allow === undefined) return { why: 'unsafe', says: `the API server would refuse it: ${error.message}` };
    if (isDeclared(needs, edit)) return null;
    const says = `${error.message}, and the roles of dns-medic do not name ${objectName(edit.object)}`;
    return { why: 'rights', says, next: [`Allow it in a role of its own: ${error.allow}`] };
  }
}
