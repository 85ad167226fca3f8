import { candidates } from '../../rules/ndots.ts';
import { isHostName } from './ask.ts';

/** At most so many asked names, and candidates of each, are looked up. */
const maxNames = 5;

/** Whether the search path can matter for a name: short ones, and those that end in `svc`. Longer ones are taken as they stand. */
const mayBeShort = (name: string): boolean => !name.endsWith('.') && (name.split('.').length <= 2 || name.endsWith('.svc'));

/**
 * The absolute names that an asked name may mean in a pod of `namespace`, as the search path of the cluster would try them; names with
 * three labels and more are taken as absolute. What is no host name is left out.
 */
export function askedNames(names: readonly string[], zone: string, namespace: string): string[] {
  const search = [`${namespace}.svc.${zone}`, `svc.${zone}`, zone];
  const expanded = names
    .filter(isHostName)
    .slice(0, maxNames)
    .flatMap((name) => (mayBeShort(name) ? candidates(name, { search, ndots: 5 }, 'glibc') : [name]));
  return [...new Set(expanded.map((name) => name.replace(/\.?$/, '.').toLowerCase()))];
}
