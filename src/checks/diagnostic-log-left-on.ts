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
    some: {
      found: 'CoreDNS logs some queries ({classes}): the Corefile has the plugin log in line {line}',
      next: ['When nobody needs it any more, delete it: kubectl -n {namespace} edit configmap {configMap}'],
    },
  },
  explains: [],
  requires: ['corefile'],
  uses: [],
  judge({ corefile }) {
    const logs = directivesNamed(corefile, 'log');
    const everything = logs.find((one) => isEverything(classesOf(one)) && isForAllNames(one));
    const worst = everything ?? logs[0];
    if (worst === undefined) return passed;
    const args = { ...corefileArgs(corefile), line: worst.directive.line, classes: classesOf(worst) };
    const parts = { variant: everything === undefined ? 'some' : 'all', args, proof: [corefileProof(worst.pointer)] };
    return found([finding('diagnostic-log-left-on', everything === undefined ? 'info' : 'low', corefileSubject(corefile), parts)]);
  },
});
