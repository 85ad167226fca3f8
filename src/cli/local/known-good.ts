import type { Bundle, Report } from '../../domain/report.ts';
import { goodCorefile } from '../good-corefile.ts';
import type { LocalCorefiles } from './corefiles.ts';

/** Keeps the Corefile of a cluster whose DNS is well and whose pods all run it. What cannot be kept is no reason to say less of the check. */
export async function keepCorefile(corefiles: LocalCorefiles, bundle: Bundle, report: Report): Promise<void> {
  const good = goodCorefile(bundle, report);
  if (good !== null) await corefiles.keep(bundle.run.cluster, good).catch(() => undefined);
}
