import { defineCheck, finding, found, passed } from './check.ts';
import { corefileArgs, corefileProof, corefileSubject, directivesNamed, type PlacedDirective } from './corefile-view.ts';

/** What a `log` writes: the classes it names, all of them when it names none. */
const classesOf = ({ directive }: PlacedDirective): string[] => {
  const named = directive.options.filter(({ name }) => name === 'class').flatMap(({ args }) => args);
  return named.length === 0 ? ['all'] : named;
};

const isEverything = (classes: readonly string[]): boolean =>
  classes.includes('all') || ['success', 'denial', 'error'].every((name) => classes.includes(name));

/** Names that a `log` is limited to; what holds a brace is a format. */
const isForAllNames = ({ directive, server }: PlacedDirective): boolean => {
  const names = directive.args.filter((arg) => !arg.includes('{'));
  return server.zones.some(({ zone }) => zone === '.') && (names.length === 0 || names.includes('.'));
};

/** What dns-medic ends by itself is ended within this time. Milliseconds. */
const graceMs = 300_000;

export default defineCheck({
  id: 'diagnostic-log-left-on',
  title: 'CoreDNS does not log every query',
  why: 'With the log plugin CoreDNS writes a line for every query. That costs CPU and log storage on a busy cluster, so it is for the time of a search for a fault.',
  docs: 'https://coredns.io/plugins/log/',
  wording: {
    all: {
      found: 'CoreDNS logs every query: the Corefile has the plugin log in line {line}',
      next: [
        'When nobody needs it any more, delete the line: kubectl -n {namespace} edit configmap {configMap}',
        'To keep failures in the log only: log . with class error',
      ],
    },
    temporary: {
      found: 'CoreDNS logs queries for a while: dns-medic has switched that on, and ends it at {until}',
      next: ['It ends by itself. To end it now, undo the order that switched it on.'],
    },
    some: {
      found: 'CoreDNS logs some queries ({classes}): the Corefile has the plugin log in line {line}',
      next: ['When nobody needs it any more, delete it: kubectl -n {namespace} edit configmap {configMap}'],
    },
  },
  explains: [],
  requires: ['corefile'],
  uses: [],
  judge({ corefile }, { now }) {
    const logs = directivesNamed(corefile, 'log');
    const everything = logs.find((one) => isEverything(classesOf(one)) && isForAllNames(one));
    const worst = everything ?? logs[0];
    if (worst === undefined) return passed;
    const until = corefile.queryLogUntil ?? 0;
    const isTemporary = until + graceMs > now;
    const shown = isTemporary ? { until: new Date(until).toISOString().slice(11, 16) + ' UTC' } : {};
    const args = { ...corefileArgs(corefile), line: worst.directive.line, classes: classesOf(worst), ...shown };
    const variant = isTemporary ? 'temporary' : everything === undefined ? 'some' : 'all';
    const remedies = variant === 'all' ? [{ id: 'restore-corefile', params: { source: 'without-log' } }] : [];
    const parts = { variant, args, proof: [corefileProof(worst.pointer)], remedies };
    return found([
      finding('diagnostic-log-left-on', everything === undefined || isTemporary ? 'info' : 'low', corefileSubject(corefile), parts),
    ]);
  },
});
