import { parseAllDocuments, stringify } from 'yaml';
import { allNeeds, type Need } from '../../src/cli/needs.ts';
import type { Permission } from '../../src/domain/reading.ts';
import { rightName, whyOptional } from '../../src/report/optional-rights.ts';
import { type Grant, type Grantee, rbacYaml } from '../../src/report/rbac-yaml.ts';

/** Where things are in a deployment by `deploy/`: probe and capture pods live apart, so that who may run commands in them reaches no token of the bot's. */
export const NAMESPACES = {
  home: 'dns-medic',
  dns: 'kube-system',
  system: 'kube-system',
  probe: 'dns-medic-probes',
  capture: 'dns-medic-capture',
} as const;

/** The account of the worker. */
export const WORKER = { kind: 'ServiceAccount', name: 'dns-medic-worker', namespace: NAMESPACES.home } as const satisfies Grantee;

const MADE = '# Made by `node scripts/deploy.ts` from what the collectors need: change those, not this.';

/** Rights with who needs them: of readings or of remedies. */
export type Wanted = Pick<Need, 'permission'>;

/** A check or a remedy can do without it. */
export const isOptional = ({ permission }: Wanted): boolean => permission.optional === true;
/** Needed in the namespaces of named pods: their roles are bound by others. */
export const ofPod = ({ permission }: Wanted): boolean => permission.scope === 'pod';
/** Needed where packets are captured from: given apart from what other remedies need. */
export const ofCaptures = ({ permission }: Wanted): boolean => permission.scope === 'capture';
const inPods = ({ permission }: Need): boolean => permission.resource === 'pods/exec';

/** `pod` has no namespace here: its roles are bound where pods may be named. */
export function grantOf({ permission: { group, resource, verb, scope, names } }: Wanted): Grant {
  return { group, resource, verb, names, namespace: scope === 'cluster' || scope === 'pod' ? null : NAMESPACES[scope] };
}

/** An object as the rest of `deploy/` is laid out. */
const laidOut = (document: unknown): string => stringify(document, { singleQuote: true, lineWidth: 0 }).trimEnd();

/** Roles that give these rights, each with its binding to the worker's account. */
export const yamlOf = (needs: readonly Wanted[], name: string): string[] =>
  parseAllDocuments(rbacYaml(needs.map(grantOf), WORKER, name)).map((document) => laidOut(document.toJS()));

/** The text of a file: what it is, then its objects. */
export const file = (comments: readonly string[], documents: readonly string[], made = MADE): string =>
  `${[made, ...comments.map((line) => `# ${line}`)].join('\n')}\n${documents.join('\n---\n')}\n`;

/** The role without its binding: others bind it, where they want it. */
export const roleOnly = (needs: readonly Wanted[], name: string): string => yamlOf(needs, name)[0] ?? '';

/** Gives the worker a role in a namespace. */
export const bindingIn = (namespace: string, role: string): string =>
  laidOut({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: role, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [WORKER],
  });

/** A right in pods' namespaces that the worker has everywhere is not given again: nobody would miss it. */
const isWider = (one: Need, { permission }: Need): boolean =>
  one.permission.scope === 'cluster' && (['group', 'resource', 'verb'] as const).every((key) => one.permission[key] === permission[key]);

/** `get nodes/proxy` makes `dns-medic-worker-get-nodes-proxy`. */
const optionalName = ({ verb, resource }: Permission): string => `${WORKER.name}-${verb}-${resource.replace('/', '-')}`;

function optionalRole(need: Need): string[] {
  const { permission } = need;
  const [role = '', ...bindings] = yamlOf([need], optionalName(permission));
  const where = permission.scope === 'pod' ? '. Bind it where you want it.' : '';
  return [`# ${rightName(permission)}: ${whyOptional(permission)}${where}\n${role}`, ...(permission.scope === 'pod' ? [] : bindings)];
}

const POD = `${WORKER.name}-pod`;
const POD_EXEC = `${POD}-exec`;

/** The roles for named pods: to read there, and to run commands there. */
function podRoles(needed: readonly Need[]): string[] {
  const wanted = needed.filter((need) => ofPod(need) && !needed.some((one) => isWider(one, need)));
  const reading = wanted.filter((need) => !inPods(need));
  return [roleOnly(reading, POD), roleOnly(wanted.filter(inPods), POD_EXEC)];
}

/** The files of `deploy/rbac/` by name, with their text. */
export function rbacFiles(needs: readonly Need[] = allNeeds()): Record<string, string> {
  const needed = needs.filter((need) => !isOptional(need));
  const always = needed.filter((need) => !ofPod(need));
  return {
    'worker.yaml': file(['What every check needs. No Secrets; it writes only where probe pods are.'], yamlOf(always, WORKER.name)),
    'pod.yaml': file(
      [
        'What checks of a named pod (`pod=shop/cart`) need in its namespace: bind them where pods may be named (pod-example.yaml).',
        'The second one runs commands in the pods of that namespace, a strong right: without it a twin of the pod asks in its place.',
      ],
      podRoles(needed),
    ),
    'pod-example.yaml': file(
      ['Pods of the namespace `shop` may be named. Leave the second binding out where no commands may run in pods.'],
      [bindingIn('shop', POD), bindingIn('shop', POD_EXEC)],
    ),
    'optional.yaml': file(
      ['Not applied unless you do it: a check is as good without these. Take the ones you want.'],
      needs.filter(isOptional).flatMap(optionalRole),
    ),
  };
}
