import { allNeeds, remedyNeeds } from '../../src/cli/needs.ts';
import { covers } from '../../src/report/rbac-yaml.ts';
import { bindingIn, file, grantOf, isOptional, ofCaptures, ofPod, roleOnly, type Wanted, yamlOf } from './rbac.ts';

const MADE = '# Made by `node scripts/deploy.ts` from what the remedies need: change those, not this.';

/** Roles of the worker that let it change something, apart from those that let it look. */
const NAME = 'dns-medic-remedies';
const POD = `${NAME}-pod`;

const sameRight = (one: Wanted, other: Wanted): boolean => {
  const [mine, theirs] = [grantOf(one), grantOf(other)];
  return JSON.stringify(mine) === JSON.stringify(theirs);
};

/** What the worker may do anyhow is not given again: nobody would miss it. */
const isGivenBy = (base: readonly Wanted[], need: Wanted): boolean =>
  base.some((one) => sameRight(one, need) || covers(grantOf(one), grantOf(need)));

/** Of these rights those that a worker that only reads does not have, optional ones left out. */
export function beyondReading<W extends Wanted>(needs: readonly W[]): W[] {
  const base = allNeeds().filter((need) => !isOptional(need) && !ofPod(need));
  return needs.filter((need) => !isOptional(need) && !isGivenBy(base, need));
}

/** The files of `deploy/components/remedies/` by name, with their text. */
export function remedyFiles(needs: readonly Wanted[] = remedyNeeds()): Record<string, string> {
  const wanted = beyondReading(needs).filter((need) => !ofCaptures(need));
  const ofPods = wanted.filter(ofPod);
  return {
    'roles.yaml': file(
      [
        'What the remedies need beyond what a check needs. Without it a worker only reads, and its remedies are not offered.',
        `${POD} is for remedies that change what is in the namespace of a named pod: bind it where they may (pod-example.yaml).`,
      ],
      [
        ...yamlOf(
          wanted.filter((need) => !ofPod(need)),
          NAME,
        ),
        ...(ofPods.length === 0 ? [] : [roleOnly(ofPods, POD)]),
      ],
      MADE,
    ),
    'pod-example.yaml': file(
      ['Remedies may change workloads and NetworkPolicies of the namespace `shop`.'],
      [bindingIn('shop', POD)],
      MADE,
    ),
  };
}
