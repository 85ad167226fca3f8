import { remedyNeeds } from '../../src/cli/needs.ts';
import { file, isOptional, type Wanted, yamlOf } from './rbac.ts';

const MADE = '# Made by `node scripts/deploy.ts` from what the remedies need: change those, not this.';

/** Needed where packets are captured from: given apart from what the other remedies need. */
export const ofCaptures = ({ permission }: Wanted): boolean => permission.scope === 'capture';

/** The file of roles of `deploy/components/capture/` by name, with its text. */
export function captureFiles(needs: readonly Wanted[] = remedyNeeds()): Record<string, string> {
  const wanted = needs.filter((need) => ofCaptures(need) && !isOptional(need));
  const comment =
    'What capturing packets needs: privileged pods, in a namespace of their own, and nowhere else. Without it none are captured.';
  return { 'roles.yaml': file([comment], yamlOf(wanted, 'dns-medic-capture'), MADE) };
}
