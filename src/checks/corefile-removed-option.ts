import type { Corefile, CorednsLogs, CorednsWorkload } from '../domain/coredns.ts';
import type { Proof, Severity } from '../domain/finding.ts';
import { compareVersions } from '../rules/image.ts';
import { at, defineCheck, finding, found, passed } from './check.ts';
import { whenPodsCrash } from './consequences.ts';
import { corednsArgs, livePods, servingPods } from './coredns-view.ts';
import { corefileSubject, directivesNamed } from './corefile-view.ts';
import { isCrashing } from './crash.ts';
import { isNewerThanAPod } from './running-text.ts';

/** What was taken out of CoreDNS, and in which version a Corefile with it no longer loads (its release notes and source). */
const removedOptions: readonly { plugin: string; option: string; since: string; instead: string }[] = [
  { plugin: 'kubernetes', option: 'upstream', since: '1.7.0', instead: 'delete the line, CoreDNS resolves such names by itself' },
  { plugin: 'kubernetes', option: 'resyncperiod', since: '1.7.0', instead: 'delete the line, it has no effect since 1.6.0' },
  { plugin: 'kubernetes', option: 'transfer', since: '1.8.0', instead: 'use the plugin transfer' },
];
const removedPlugins: readonly { plugin: string; since: string; instead: string }[] = [
  { plugin: 'proxy', since: '1.5.0', instead: 'write forward instead of proxy' },
  { plugin: 'federation', since: '1.7.0', instead: 'delete the line' },
];

interface Removed {
  what: string;
  since: string;
  instead: string;
  line: number;
  proof: Proof;
}

const inOptions = (corefile: Corefile): Removed[] =>
  removedOptions.flatMap(({ plugin, option, since, instead }) =>
    directivesNamed(corefile, plugin).flatMap(({ directive, pointer }) =>
      directive.options.flatMap((one, index) =>
        one.name === option
          ? [{ what: `${option} (in ${plugin})`, since, instead, line: one.line, proof: at('corefile', `${pointer}/options/${index}`) }]
          : [],
      ),
    ),
  );

const inPlugins = (corefile: Corefile): Removed[] =>
  removedPlugins.flatMap(({ plugin, since, instead }) =>
    directivesNamed(corefile, plugin).map(({ directive, pointer }) => ({
      what: plugin,
      since,
      instead,
      line: directive.line,
      proof: at('corefile', pointer),
    })),
  );

/** The oldest version that runs: of images and of banners. */
function versionOf(workload: CorednsWorkload | undefined, logs: CorednsLogs | undefined): string | null {
  const known = [workload?.version, ...(logs?.pods ?? []).map((pod) => pod.version)].filter(
    (version) => version !== null && version !== undefined,
  );
  return known.toSorted(compareVersions)[0] ?? null;
}

export default defineCheck({
  id: 'corefile-removed-option',
  title: 'The Corefile has no option that this CoreDNS no longer knows',
  why: 'CoreDNS ends at its start when the Corefile has an option or plugin that was taken out of it. Pods that were running before go on, so it shows at the next restart or upgrade.',
  docs: 'https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html',
  wording: {
    now: {
      found:
        'Line {line} of the Corefile has {what}, which CoreDNS does not know since {since} ({version} runs here): pods that start with it crash',
      next: [
        'In line {line}, {instead}: kubectl -n {namespace} edit configmap {configMap}',
        'Restart nothing before that; then delete only pods that crash: kubectl -n {namespace} get pods',
      ],
    },
    later: {
      found:
        'Line {line} of the Corefile has {what}, which CoreDNS does not know from {since} on ({version} runs here): upgrading will end DNS',
      next: ['Before an upgrade, in line {line}, {instead}: kubectl -n {namespace} edit configmap {configMap}'],
    },
  },
  explains: ['coredns-crashloop-corefile-error', 'corefile-reload-failed', 'coredns-crashloop', ...whenPodsCrash],
  requires: ['corefile', 'coredns-pods'],
  uses: ['coredns-workload', 'coredns-logs'],
  judge({ corefile, 'coredns-pods': pods, 'coredns-workload': workload, 'coredns-logs': logs }, { now }) {
    const [first] = [...inOptions(corefile), ...inPlugins(corefile)].toSorted((a, b) => a.line - b.line);
    if (first === undefined) return passed;
    const version = versionOf(workload, logs);
    const gone = version !== null && compareVersions(version, first.since) >= 0;
    const crashes = livePods(pods).some(({ pod }) => isCrashing(pod, now));
    // pods that all started with this very text prove that the CoreDNS here takes it
    const disproved = !crashes && corefile.changedAt !== null && !isNewerThanAPod(corefile, pods, now);
    const { proof, ...rest } = first;
    const args = { ...corednsArgs(workload, pods, []), ...rest, version: version ?? 'an unknown version', configMap: corefile.configMap };
    const severity: Severity = servingPods(pods, now).length === 0 ? 'critical' : 'high';
    const present = gone && !disproved;
    const parts = {
      args,
      proof: [proof],
      remedies: present ? [{ id: 'restore-corefile', params: {} }] : [],
      variant: present ? 'now' : 'later',
    };
    return found([finding('corefile-removed-option', present ? severity : 'info', corefileSubject(corefile), parts)]);
  },
});
