import { dotCount } from '../rules/names.ts';
import { recommendNdots } from '../rules/ndots.ts';
import { at, defineCheck, finding, found, notApplicable, unknown } from './check.ts';
import { proofRows } from './lookup-view.ts';
import { absoluteWorks, failedShortNames, podArgs, podSubject } from './pod-view.ts';

export default defineCheck({
  id: 'ndots-too-low',
  title: 'The search path is used for the names that need it',
  why: 'musl (Alpine) asks a name with at least ndots dots only as it stands, and never with the search path. With ndots 1 it does not find svc.namespace, while glibc still does.',
  docs: 'https://wiki.musl-libc.org/functional-differences-from-glibc.html',
  wording: {
    found:
      'Pod {subject} has ndots {ndots} and musl, which then never tries the search path for {names}: these names are not found, while full ones are',
    next: [
      'Set ndots {wanted} (or more) in its template: spec.template.spec.dnsConfig.options [{ name: ndots, value: "{wanted}" }]: kubectl -n {namespace} edit {target}',
      'Or use full names: {example}',
    ],
  },
  explains: ['app-name-error', 'pod-lookups-fail'],
  requires: ['pod', 'lookups'],
  uses: [],
  judge({ pod, lookups }) {
    const { resolvConf } = pod;
    if (pod.libc !== 'musl')
      return notApplicable(
        pod.libc === null ? 'the libc of the pod is not known' : `the libc of the pod is ${pod.libc}, which always tries the search path`,
      );
    if (resolvConf === null) return unknown('the resolv.conf of the pod could not be read');
    if (resolvConf.search.length === 0 || !absoluteWorks(lookups)) return found([]);
    const failed = failedShortNames(lookups, pod).filter(({ row }) => dotCount(row.name) >= resolvConf.ndots);
    if (failed.length === 0) return found([]);
    const names = [...new Set(failed.map(({ row }) => row.name))];
    const wanted = recommendNdots(names.map(dotCount));
    const args = { ...podArgs(pod), ndots: resolvConf.ndots, names, wanted, example: `kubernetes.default.svc.${lookups.zone}` };
    const remedies = [{ id: 'set-ndots', params: { value: wanted } }];
    const proof = [at('pod', '/resolvConf/ndots'), at('pod', '/libc'), ...proofRows(failed, 2)];
    return found([finding('ndots-too-low', 'high', podSubject(pod), { args, proof, remedies })]);
  },
});
