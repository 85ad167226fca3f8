import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checks } from '../src/checks/registry.ts';
import { allNeeds, type Need } from '../src/cli/needs.ts';
import { collectors } from '../src/collect/registry.ts';
import type { AnyCheck } from '../src/domain/check.ts';
import { grouped } from '../src/report/check-groups.ts';
import { rightName, whyOptional } from '../src/report/optional-rights.ts';
import { type Grant, rbacYaml } from '../src/report/rbac-yaml.ts';
import { wordingsOf } from '../src/report/terminal/checks.ts';
import { remediesPage, remedyRights } from './docs/remedies.ts';
import { cell, table } from './docs/table.ts';

/** Pages of `docs/` that are made from the sources: node scripts/docs.ts writes them; a test keeps them equal. */

function checkRow(check: AnyCheck): string[] {
  const said = wordingsOf(check).map(({ wording }) => cell(wording.found));
  const readings = [...check.requires, ...check.uses.map((id) => `(${id})`)];
  return [`[\`${check.id}\`](${check.docs})`, [...new Set(said)].join('<br>'), cell(check.why), readings.join(', ')];
}

function checksPage(): string {
  const parts = grouped(checks).flatMap(({ group, checks: own }) => [
    `## ${group.name}`,
    '',
    ...table(['code', 'what it says', 'why it matters', 'known from'], own.map(checkRow)),
    '',
  ]);
  return [
    '# Checks',
    '',
    `${checks.length} checks judge what a run has read. Each is in one of four states: passed, found, not applicable here, unknown (a reading that it needs could not be had).`,
    'Words in &lt;brackets&gt; are filled in from the cluster. Readings in (brackets) sharpen a check; it can do without them. `dns-medic explain CODE` says the next steps.',
    '',
    ...parts,
    'This page is made by `node scripts/docs.ts`.',
    '',
  ].join('\n');
}

const example = { dns: 'kube-system', system: 'kube-system', probe: 'dns-medic', capture: 'dns-medic-capture', pod: 'shop' } as const;

const grantOf = ({ permission: { group, resource, verb, scope } }: Need): Grant => ({
  group,
  resource,
  verb,
  namespace: scope === 'cluster' ? null : example[scope],
});

const yaml = (needs: readonly Need[], name: string): string[] => [
  '```yaml',
  ...rbacYaml(needs.map(grantOf), { kind: 'ServiceAccount', name: 'dns-medic', namespace: 'dns-medic' }, name).trimEnd().split('\n'),
  '```',
];

function rightsPage(): string {
  const needs = allNeeds();
  const always = needs.filter(({ permission }) => permission.optional !== true && permission.scope !== 'pod');
  const withPod = needs.filter(({ permission }) => permission.optional !== true && permission.scope === 'pod');
  const strong = needs.filter(
    ({ permission }) => permission.optional === true || (permission.scope === 'pod' && whyOptional(permission) !== ''),
  );
  const placed = {
    cluster: 'whole cluster',
    dns: 'DNS namespace',
    system: 'kube-system',
    probe: "probe pods' namespace",
    capture: "capture pods' namespace",
    pod: "the pod's namespace",
  } as const;
  return [
    '# Rights',
    '',
    'What `check` needs, as RBAC for a service account `dns-medic/dns-medic`; put your own user, group or account in its place. `kube-system` is where',
    'cluster DNS lives, `dns-medic` is where probe pods are started: change them if your `dns-medic.yaml` does. `dns-medic doctor` says which of these rights',
    'are missing, what that costs, and prints the RBAC for just those. A right that is missing ends no run: the checks that need it say `unknown`.',
    '',
    'A check never reads Secrets. It writes only in the namespace of its probe pods (with `--ephemeral` it also adds a container to the named pod); access',
    'reviews are questions, though they are asked by `create`.',
    '',
    '## Every check',
    '',
    ...yaml(always, 'dns-medic'),
    '',
    'The namespace itself is made at the first run where that is allowed (`create namespaces`); else make it once: `kubectl create namespace dns-medic`.',
    '',
    '## With `--pod`: in the namespace of that pod, `shop` here',
    '',
    ...yaml(withPod, 'dns-medic-pod'),
    '',
    '## Strong and optional rights',
    '',
    'Those marked optional are not in the roles above; a run is as good without them.',
    '',
    ...table(
      ['right', 'where', 'optional', 'what it is good for'],
      strong.map(({ permission }) => [
        `\`${rightName(permission)}\``,
        placed[permission.scope],
        permission.optional === true ? 'yes' : 'no',
        cell(whyOptional(permission)),
      ]),
    ),
    '',
    '## By reading',
    '',
    ...table(
      ['reading', 'rights'],
      collectors.map(({ id, needs: own }) => [
        id,
        [...new Set(own.map((one) => `${rightName(one)}${one.optional === true ? ' (optional)' : ''}`))].join(', '),
      ]),
    ),
    '',
    ...remedyRights(),
    'This page is made by `node scripts/docs.ts`.',
    '',
  ].join('\n');
}

/** The pages by file name. */
export const pages = (): Record<string, string> => ({
  'docs/checks.md': checksPage(),
  'docs/remedies.md': remediesPage(),
  'docs/rights.md': rightsPage(),
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(pages())) writeFileSync(new URL(`../${file}`, import.meta.url), text);
}
