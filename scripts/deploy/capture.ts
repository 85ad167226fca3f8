import { remedyNeeds } from '../../src/cli/needs.ts';
import { file, ofCaptures, type Wanted, yamlOf } from './rbac.ts';
import { beyondReading } from './remedies.ts';

const MADE = '# Made by `node scripts/deploy.ts` from what the remedies need: change those, not this.';

/** The file of roles of `deploy/components/capture/` by name, with its text. */
export function captureFiles(needs: readonly Wanted[] = remedyNeeds()): Record<string, string> {
  const wanted = beyondReading(needs).filter(ofCaptures);
  const comment =
    'What capturing packets needs: privileged pods, in a namespace of their own, and nowhere else. Without it none are captured.';
  return { 'roles.yaml': file([comment], yamlOf(wanted, 'dns-medic-capture'), MADE) };
}
