import type { Plan } from '../domain/plan.ts';

const ROLLED: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * What is looked at after a change, as NS/NAME: the pod that was named (null: none was), or its workload where the change replaces that
 * workload's pods, for the named one is gone then.
 */
export function lookedAt({ objects }: Pick<Plan, 'objects'>, pod: string | null): string | null {
  const workload = objects.find(
    ({ object: { kind, namespace, name } }) => ROLLED.includes(kind) && pod?.startsWith(`${namespace ?? ''}/${name}-`) === true,
  );
  return workload === undefined ? pod : `${workload.object.namespace ?? ''}/${workload.object.name}`;
}
