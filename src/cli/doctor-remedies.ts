import type { ClusterPort } from '../cluster/port.ts';
import { checkRights, type RightsAnswer, type RightsNamespaces } from '../cluster/rights.ts';
import type { RemedyRights, RightAnswer } from '../domain/doctor.ts';
import type { Permission } from '../domain/reading.ts';
import { remedies } from '../remedies/registry.ts';
import { type Grantee, rbacYaml, suffixOf } from '../report/rbac-yaml.ts';
import { needsOf } from './needs.ts';

const textOf = ({ group, resource, verb, scope, names }: Permission): string => JSON.stringify([group, resource, verb, scope, names]);

/** As `doctor` tells it. A right of named pods that was not asked for a namespace may be there in some. */
function rightOf({ permission, namespace, allowed, message }: RightsAnswer, pod: string | null): RightAnswer {
  const { group, resource, verb, scope, names, optional = false } = permission;
  const bound = names === undefined ? {} : { names };
  return {
    group,
    resource,
    verb,
    namespace,
    ...bound,
    optional,
    onlyWithPod: scope === 'pod' && pod === null,
    allowed,
    message,
    readings: [],
  };
}

/** What each remedy lacks here. Each right is asked for once, however many remedies need it. */
export async function remedyRights(port: ClusterPort, namespaces: RightsNamespaces): Promise<RemedyRights[]> {
  const needed = remedies.map((remedy) => needsOf(remedy).filter(({ optional }) => optional !== true));
  const asked = [...new Map(needed.flat().map((permission) => [textOf(permission), permission])).values()];
  const answers = await checkRights(port, asked, namespaces);
  const byText = new Map(answers.map((answer) => [textOf(answer.permission), rightOf(answer, namespaces.pod)]));
  return remedies.map(({ id, title }, at) => {
    const own = (needed[at] ?? []).flatMap((permission) => byText.get(textOf(permission)) ?? []);
    return {
      remedy: id,
      title,
      lacks: own.filter(({ allowed }) => allowed === false),
      unclear: own.some(({ allowed }) => allowed === null),
    };
  });
}

/** RBAC that gives somebody what the remedies lack; those of named pods only where a namespace was asked about. */
export function remedyRbac(rights: readonly RemedyRights[], grantee: Grantee): string {
  const lacking = rights.flatMap(({ lacks }) => lacks.filter(({ onlyWithPod }) => !onlyWithPod));
  return rbacYaml(lacking, grantee, `dns-medic-remedies-${suffixOf(lacking)}`);
}
