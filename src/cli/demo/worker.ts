import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readWorkerSettings } from '../../config/environment.ts';
import type { Bundle } from '../../domain/report.ts';
import { readBundle } from '../judge.ts';
import { configFor } from '../options.ts';
import { runProcess } from '../process/running.ts';
import { runWorker } from '../process/run-worker.ts';
import { recordedEngine } from './recorded-engine.ts';

/**
 * A worker whose clusters were recorded. Everything else of it is the worker.
 *   worker.ts --config FILE --bundles FOLDER [--times N] CLUSTER=BUNDLE... [*=BUNDLE]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { config: { type: 'string' }, bundles: { type: 'string', default: '.' }, times: { type: 'string', default: '1' } },
});

const recorded = new Map(positionals.map((pair) => pair.split('=', 2) as [string, string]));
const read = new Map<string, Promise<Bundle>>();

/** Each bundle is read once. */
function bundleOf(cluster: string): Promise<Bundle> {
  const name = recorded.get(cluster) ?? recorded.get('*') ?? cluster;
  const bundle = read.get(name) ?? readBundle(join(values.bundles, `${name}.json`));
  read.set(name, bundle);
  return bundle;
}

const settings = readWorkerSettings(process.env);
const config = configFor(values.config === undefined ? {} : { config: values.config });
const engine = recordedEngine(bundleOf, Number(values.times));
process.exit(await runProcess('worker', settings, [(around) => runWorker(settings, config, engine, around)]));
