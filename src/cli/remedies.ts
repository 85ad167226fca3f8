import { Command } from 'commander';
import type { Proposal } from '../domain/change.ts';
import type { NoPlan, Plan } from '../domain/plan.ts';
import type { Bundle, Report } from '../domain/report.ts';
import { remedies } from '../remedies/registry.ts';
import type { AnyRemedy } from '../remedies/remedy.ts';
import { type ListedRemedy, remediesText } from '../report/terminal/remedies.ts';
import { planFor, proposalsFor } from './change-engine.ts';
import { interruption } from './check.ts';
import { paletteFor } from './colours.ts';
import { keepCorefile } from './local/known-good.ts';
import { type Pinned, pinned } from './local/pinned.ts';
import { localState } from './local/terminal.ts';
import { liveView } from './live-view.ts';
import { type CheckOptions, requestFor, targetFor, withSubject } from './options.ts';
import { jsonText, widthOf } from './print.ts';
import { wishFor } from './remedy-wish.ts';

type Here = Plan | NoPlan;

const hereOf = (proposal: Proposal): Here => (proposal.id === null ? proposal.none : proposal.plan);

const listed = ({ id, title, helps, risk, paramHelp }: AnyRemedy, here: Here | null): ListedRemedy => ({
  id,
  title,
  helps,
  risk,
  paramHelp,
  here,
});

/** So many are planned side by side: each asks the API server a few things. */
const AT_ONCE = 3;

/** Nobody has said what to do it with. */
const unasked = ({ id, paramHelp }: AnyRemedy): NoPlan => ({
  remedy: id,
  params: {},
  why: 'not-needed',
  says: `no finding asks for it; dns-medic remedy ${id} plans it with ${Object.keys(paramHelp)
    .map((key) => `--param ${key}=...`)
    .join(' ')}`,
  next: [],
  offers: [],
  allow: [],
});

/** As the findings ask for it, or (where none does) with nothing said. */
async function plannedHere(
  remedy: AnyRemedy,
  found: readonly Proposal[],
  alone: (id: string) => Promise<Proposal[]>,
): Promise<Here | null> {
  const proposals = found.filter((proposal) => hereOf(proposal).remedy === remedy.id);
  const asked = proposals.find(({ id }) => id !== null) ?? proposals[0];
  if (asked !== undefined) return hereOf(asked);
  if (wishFor(remedy, {}) === null) return unasked(remedy);
  const best = (await alone(remedy.id)).find((one) => hereOf(one).remedy === remedy.id);
  return best === undefined ? null : hereOf(best);
}

async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  return results;
}

/** The same check, as if it had found nothing and somebody had asked for this remedy. */
function askedAlone(bundle: Bundle, report: Report, id: string): [Bundle, Report] {
  const request = { ...bundle.run.request, remedy: { id, params: {} } };
  return [
    { ...bundle, run: { ...bundle.run, request } },
    { ...report, findings: [] },
  ];
}

/** A check, and for each remedy whether it can be planned now. Null: it was interrupted. */
async function lookedAt({ target }: Pinned, options: CheckOptions): Promise<ListedRemedy[] | null> {
  const { corefiles } = localState();
  const history = () => corefiles.of(target.name);
  const view = liveView(process.stderr, options.json === true);
  const { signal, release } = interruption(view.done);
  try {
    const request = { ...requestFor(target, options), cluster: target.name };
    const onLeft = ({ message }: Error): void => void process.stderr.write(`dns-medic: ${message}\n`);
    const { bundle, report, proposals } = await planFor(target, request, history, { onStep: view.onStep, onLeft }, signal);
    view.done();
    await keepCorefile(corefiles, bundle, report);
    const alone = (id: string) => proposalsFor(target, ...askedAlone(bundle, report, id), history, signal);
    const all = await inOrder(remedies, async (remedy) => listed(remedy, await plannedHere(remedy, proposals, alone)));
    return signal.aborted ? null : all;
  } finally {
    view.done();
    release();
  }
}

async function run(cluster: string | undefined, options: CheckOptions): Promise<void> {
  const named = cluster ?? options.kubeconfig ?? options.context;
  const list =
    named === undefined
      ? remedies.map((remedy) => listed(remedy, null))
      : await lookedAt(await pinned(targetFor(cluster, options)), options);
  if (list === null) {
    process.exitCode = 130;
    return;
  }
  if (options.json === true) process.stdout.write(`${jsonText(list)}\n`);
  else process.stdout.write(remediesText(list, { width: widthOf(process.stdout), palette: paletteFor(process.stdout) }));
}

export const listRemedies = withSubject(new Command('remedies'))
  .description('list every remedy; with a cluster: check it, and say which can be carried out there now')
  .argument('[cluster]', 'a cluster of dns-medic.yaml, or a context of the kubeconfig')
  .option('--json', 'print them as one JSON document')
  .action(run);
