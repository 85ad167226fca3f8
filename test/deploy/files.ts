import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** An object as its YAML says it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Thing = Record<string, any>;

/** The folder of the repository. */
export const root = new URL('../../', import.meta.url);

/** The text of a file of the repository. */
export const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

/** The objects of a YAML file. */
export const objectsOf = (file: string): Thing[] =>
  parseAllDocuments(read(file)).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${file}: ${error.message}`);
    return document.toJS() as Thing;
  });

/** Every YAML file below a folder of the repository, by path. */
export const yamlFiles = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `${folder}/${file}`)
    .toSorted();

/** Every object of `deploy/` that Kubernetes takes, with the file it stands in. Patches are among them, settings and the Slack app are not. */
export const everything = (): { file: string; object: Thing }[] =>
  yamlFiles('deploy')
    .filter((file) => !file.startsWith('deploy/slack/') && !file.endsWith('/dns-medic.yaml') && !file.endsWith('/kustomization.yaml'))
    .flatMap((file) => objectsOf(file).map((object) => ({ file, object })));

/** Every pod template, with the name of what makes pods of it. Patches are left out: they hold parts of one. */
export const podTemplates = (): { file: string; name: string; template: Thing }[] =>
  everything()
    .filter(({ object }) => object['spec']?.selector !== undefined && object['spec'].template !== undefined)
    .map(({ file, object }) => ({ file, name: object['metadata'].name as string, template: object['spec'].template as Thing }));

/** Every entry of `env` anywhere, patches too. */
export const environment = (): { file: string; entry: Thing }[] =>
  everything().flatMap(({ file, object }) => {
    const containers = (object['spec']?.template?.spec?.containers ?? []) as Thing[];
    return containers.flatMap((container) => ((container['env'] ?? []) as Thing[]).map((entry) => ({ file, entry })));
  });
