import type { Corefile } from '../domain/coredns.ts';
import { arr, at, str } from './pick.ts';

/** Who wrote the Corefile and when, from the ConfigMap's managedFields; empty and null when they do not say. */
export function ownersOf(configMap: unknown, key: string): Pick<Corefile, 'changedAt' | 'managers'> {
  const entries = arr(configMap, 'metadata.managedFields').filter((entry) => at(entry, ['fieldsV1', 'f:data', `f:${key}`]) !== undefined);
  const managers = entries.flatMap((entry) => str(entry, 'manager') ?? []);
  const times = entries.flatMap((entry) => str(entry, 'time') ?? []).filter((time) => !Number.isNaN(Date.parse(time)));
  const newest = times.toSorted((a, b) => Date.parse(b) - Date.parse(a))[0];
  return { changedAt: newest ?? null, managers: [...new Set(managers)].slice(0, 20) };
}
