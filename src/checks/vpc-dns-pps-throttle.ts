import type { CorednsMetrics } from '../domain/coredns.ts';
import { at, defineCheck, finding, found, notApplicable, passed } from './check.ts';
import { corednsArgs, corednsSubject, livePods } from './coredns-view.ts';
import { countOf, fieldsOf, lately, logProof } from './log-view.ts';
import { proofRows } from './lookup-view.ts';
import { directRows, lostShots, outsideRows, resolved, sum } from './outside-view.ts';

const linkLocal = ['169.254.169.253', 'fd00:ec2::253'];

/** The resolver of a VPC is at the base of its first block plus two: never below /28, so the last byte of a base is a multiple of 16. */
function isVpcResolver(address: string): boolean {
  const bare = address.replace(/^\[?([^\]]*?)\]?(?::\d{1,5})?$/, '$1');
  const last = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.(\d{1,3})$/.exec(bare)?.[1];
  return linkLocal.some((known) => address.includes(known)) || (last !== undefined && Number(last) % 16 === 2);
}

/** Attempts that got no answer, as a share, of a pod's upstream; null where too few were made to say. Counted since the pod started. */
function lossOf(pod: CorednsMetrics['pods'][number]): number | null {
  const vpc = pod.upstreams.filter(({ to }) => isVpcResolver(to));
  const attempts = vpc.reduce((total, one) => total + one.attempts, 0);
  const answered = vpc.reduce((total, one) => total + one.answered, 0);
  return attempts < 1000 ? null : Math.max(0, 1 - answered / attempts);
}

/** All lost is a resolver that is not reached; next to nothing is noise. */
const isFraction = (loss: number | null): boolean => loss !== null && loss >= 0.01 && loss <= 0.9;

export default defineCheck({
  id: 'vpc-dns-pps-throttle',
  title: 'Queries to the resolver of the VPC stay below its limit',
  why: 'EC2 drops what a network interface sends to the resolver of the VPC beyond 1024 packets a second, without a word. Lookups of names of the world then fail now and then, more when load is high.',
  docs: 'https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-limits',
  wording: {
    found:
      'A part of the queries to the resolver of the VPC ({upstream}) gets no answer ({loss}; {times} timeouts in 5 minutes), the rest does: the limit of 1024 packets a second per network interface',
    next: [
      'Confirm it on the CoreDNS nodes, twice 10 s apart; growth is loss: ethtool -S eth0 | grep linklocal_allowance_exceeded',
      'Cut demand: trailing dots or a lower ndots in the pods that ask most, a longer cache in the Corefile',
      'Spread the load over interfaces (one CoreDNS pod a node, NodeLocal DNSCache): kubectl -n {namespace} scale {target} --replicas=4',
    ],
  },
  explains: ['upstream-slow', 'corefile-max-concurrent'],
  requires: ['coredns-pods', 'coredns-logs', 'cluster-class'],
  uses: ['coredns-workload', 'coredns-metrics', 'lookups'],
  judge(
    {
      'coredns-pods': pods,
      'coredns-logs': logs,
      'cluster-class': cluster,
      'coredns-workload': workload,
      'coredns-metrics': metrics,
      lookups,
    },
    { now },
  ) {
    if (cluster.platform !== 'eks') return notApplicable('the cluster is not known to be on AWS');
    const said = lately(logs, ['upstream-timeout'], 5, now).filter((entry) => isVpcResolver(entry.fields['upstream'] ?? ''));
    if (countOf(said) < 5) return passed;
    const rows = lookups === undefined ? [] : [...outsideRows(lookups), ...directRows(lookups)];
    const lossy = rows.filter((one) => lostShots(one) > 0 || (one.row.rcodes['SERVFAIL'] ?? 0) > 0);
    // all lost is corefile-forward-unreachable
    if (rows.length > 0 && sum(rows, resolved) === 0) return passed;
    const losses = (metrics?.pods ?? []).map((pod, index) => ({ index, loss: lossOf(pod) })).filter(({ loss }) => isFraction(loss));
    if (losses.length === 0 && (lossy.length === 0 || sum(rows, resolved) === 0)) return passed;
    const worst = Math.max(0, ...losses.map(({ loss }) => loss ?? 0));
    const loss =
      worst > 0
        ? `${(worst * 100).toFixed(1)} % since it started`
        : `${sum(lossy, lostShots)} of ${sum(rows, ({ row }) => row.shots)} lookups now`;
    const args = { ...corednsArgs(workload, pods, livePods(pods)), upstream: fieldsOf(said, 'upstream'), times: countOf(said), loss };
    const proof = [
      ...logProof(said),
      ...losses.slice(0, 2).map(({ index }) => at('coredns-metrics', `/pods/${index}/upstreams`)),
      ...proofRows(lossy, 2),
    ];
    const remedies = [{ id: 'scale-coredns', params: {} }];
    return found([finding('vpc-dns-pps-throttle', 'high', corednsSubject(workload, pods), { args, proof, remedies })]);
  },
});
