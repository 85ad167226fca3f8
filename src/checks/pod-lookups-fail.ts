import type { LookupRow, Lookups } from '../domain/lookups.ts';
import type { NamedPod } from '../domain/pod.ts';
import { captureOffer } from './capture-view.ts';
import { defineCheck, finding, found, notApplicable, unknown } from './check.ts';
import { localRoles, proofRows, reach, rowsOf } from './lookup-view.ts';
import { isResolved } from './nameserver-view.ts';
import type { IndexedRow } from './outside-view.ts';
import { insideRows, nameserversOf, podArgs, podSubject } from './pod-view.ts';

const isResolver = ({ row }: { row: LookupRow }): boolean => row.serverKind === 'resolver';
const isLocal = ({ row }: { row: LookupRow }): boolean => row.proto === 'udp' && localRoles.some((role) => role === row.role);

/** What the pod asked at a server, and what pods of ours on its node got from the same one. */
interface Compared {
  server: string;
  own: IndexedRow[];
  ours: IndexedRow[];
}

function compare(lookups: Lookups, pod: NamedPod): Compared[] {
  const direct = insideRows(lookups).filter((one) => isLocal(one) && !isResolver(one));
  const servers = [...new Set(direct.map(({ row }) => row.server))];
  return servers.map((server) => ({
    server,
    own: direct.filter(({ row }) => row.server === server),
    ours: rowsOf(lookups, { server, node: pod.node ?? '', how: 'probe', proto: 'udp', role: localRoles }),
  }));
}

const fails = ({ own, ours }: Compared): boolean => reach(own) === 'none' && reach(ours) === 'all';

/** Where only the resolver of the pod could be asked: nothing that it looked up was found, though its nameserver answers others on the node. */
function resolverRows(lookups: Lookups, pod: NamedPod): IndexedRow[] {
  const rows = insideRows(lookups).filter(isResolver);
  const [server] = nameserversOf(pod);
  const ours = server === undefined ? [] : rowsOf(lookups, { server, node: pod.node ?? '', how: 'probe', proto: 'udp', role: localRoles });
  const isDead = rows.some(({ row }) => row.role === 'search') && rows.some(({ row }) => row.role === 'external') && !rows.some(isResolved);
  return isDead && reach(ours) === 'all' ? rows : [];
}

export default defineCheck({
  id: 'pod-lookups-fail',
  title: 'The pod in question gets the answers that others on its node get',
  why: 'When a pod beside it is answered by the same server, DNS works, and something that concerns this pod alone keeps its queries or its answers away.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  wording: {
    servers: {
      found: 'Pod {subject} gets no answer from {servers}, while other pods on {node} do',
      next: [
        'Look at what stands between this pod and the network: a sidecar proxy, policies of the network plugin, the security group of the pod (EKS)',
        'See what acts on it: kubectl -n {namespace} get pod {name} -o yaml; kubectl -n {namespace} get networkpolicies',
        'Capture in the pod: kubectl -n {namespace} debug {name} -it --image=nicolaka/netshoot -- tcpdump -ni any port 53',
      ],
    },
    resolver: {
      found: 'Pod {subject} resolves no name through its own resolver, while its nameserver {servers} answers other pods on {node}',
      next: [
        'See what its resolver uses: /etc/resolv.conf, /etc/nsswitch.conf and /etc/hosts in the pod',
        'Look at what stands between this pod and the network: a sidecar proxy, policies of the network plugin, the security group of the pod (EKS)',
      ],
    },
  },
  explains: [],
  requires: ['pod', 'lookups'],
  uses: ['capture'],
  judge({ pod, lookups, capture }) {
    if (insideRows(lookups).length === 0) return notApplicable('nothing could be asked inside the pod');
    const compared = compare(lookups, pod);
    const failed = compared.filter(fails);
    // some servers may be closed to it by intent, as long as its own nameserver is not
    const own = nameserversOf(pod);
    const isLost =
      failed.some(({ server }) => own.includes(server)) || (own.length === 0 && failed.length === compared.length && failed.length > 0);
    const rows = isLost ? failed.flatMap((one) => one.own) : compared.length === 0 ? resolverRows(lookups, pod) : [];
    const isAlone = compared.some((one) => reach(one.own) === 'none' && one.ours.length === 0 && own.includes(one.server));
    if (rows.length === 0)
      return isAlone ? unknown('lookups in the pod fail, but no pod of ours could ask the same server on its node') : found([]);
    const args = { ...podArgs(pod), servers: isLost ? failed.map(({ server }) => server) : own.slice(0, 1) };
    return found([
      finding('pod-lookups-fail', 'critical', podSubject(pod), {
        variant: isLost ? 'servers' : 'resolver',
        args,
        proof: proofRows(rows),
        remedies: captureOffer(capture),
      }),
    ]);
  },
});
