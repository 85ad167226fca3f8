import { objectsOf, type Thing } from './files.ts';

/** A right as a role gives it. `names`: only for objects of these; null: for all. */
export interface Right {
  namespace: string | null;
  right: string;
  names: string | null;
}

/** What a role gives, right by right. A role that is bound by others gives it in no namespace of its own. */
export const rightsOf = (role: Thing): Right[] =>
  (role['rules'] as Thing[]).flatMap(({ apiGroups, resources, verbs, resourceNames }) =>
    (apiGroups as string[]).flatMap((group) =>
      (resources as string[]).flatMap((resource) =>
        (verbs as string[]).map((verb) => ({
          namespace: (role['metadata'].namespace as string | undefined) ?? null,
          right: `${verb} ${resource}.${group}`,
          names: (resourceNames as string[] | undefined)?.join() ?? null,
        })),
      ),
    ),
  );

/** What the roles of a file give. */
export const given = (file: string): Right[] =>
  objectsOf(file)
    .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
    .flatMap(rightsOf);
