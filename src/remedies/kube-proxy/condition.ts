import type { Evidence, ReadingData, ReadingId } from '../../domain/evidence.ts';
import { stillFails } from '../../formats/kube-proxy-log.ts';
import type { NoDraft } from '../remedy.ts';

type Proxy = ReadingData['kube-proxy'];

const read = <K extends ReadingId>(evidence: Evidence, id: K): ReadingData[K] | undefined => {
  const reading = evidence[id];
  return reading?.status === 'ok' ? reading.data : undefined;
};

/** What its rules are made from. */
const vital = ['services', 'endpointslices', 'endpoints'];

/** What a new kube-proxy could not do any better, or at all. Null: nothing stands against it. */
export function kubeProxyRefusal(evidence: Evidence, node: string): NoDraft | null {
  const problem = read(evidence, 'kube-proxy-config')?.problem ?? null;
  if (problem !== null) {
    const next = ['Correct its ConfigMap first, then check again.'];
    return { why: 'unsafe', says: `the configuration of kube-proxy is wrong (${problem}): a new one would not start`, next };
  }
  const known = read(evidence, 'nodes')?.items.find(({ name }) => name === node);
  if (known !== undefined && !known.ready)
    return { why: 'unsafe', says: `node ${node} is not ready: nothing would be started there in its place` };
  const missing = read(evidence, 'rbac')?.subjects.find(({ component }) => component === 'kube-proxy')?.missing ?? [];
  const lacking = missing.filter(({ resource }) => vital.includes(resource)).map(({ resource }) => resource);
  if (lacking.length === 0) return null;
  return {
    why: 'unsafe',
    says: `kube-proxy may not read ${[...new Set(lacking)].join(', ')}: a new one would get no further`,
    offers: [{ id: 'restore-rbac', params: { component: 'kube-proxy' } }],
  };
}

/** Lookups at the address of the DNS Service that were lost on a node, of so many; null where nobody asked from there. */
function lostAtService(evidence: Evidence, node: string): { lost: number; of: number } | null {
  const rows = (read(evidence, 'lookups')?.rows ?? []).filter(
    (row) => row.serverKind === 'cluster-ip' && row.proto === 'udp' && row.role === 'internal' && row.from.node === node,
  );
  const of = rows.reduce((sum, { shots }) => sum + shots, 0);
  return of === 0 ? null : { of, lost: of - rows.reduce((sum, { answered }) => sum + answered, 0) };
}

const apiClasses = ['api-timeout', 'api-refused', 'api-name', 'api-cert', 'api-unauthorized', 'api-forbidden'];

/** Whether and why a new kube-proxy helps on this node, as the check's readings show it. */
export function kubeProxyHelps(evidence: Evidence, pod: Proxy['pods'][number]): string {
  const node = pod.node ?? '';
  const log = read(evidence, 'kube-proxy-logs')?.pods.find((one) => one.pod === pod.name);
  const failing = (classes: readonly string[]) => log?.classes.find((entry) => classes.includes(entry.class) && stillFails(entry));
  const said = (entry: { fields: Record<string, string>; sample: string }) => (entry.fields['reason'] ?? entry.sample).slice(0, 150);
  const api = failing(apiClasses);
  if (api !== undefined) {
    const server = read(evidence, 'kube-proxy-config')?.server ?? null;
    return `kube-proxy there cannot read the API server${server === null ? '' : ` at ${server}`} (${said(api)}): a new one helps only when the address, the way there and its rights are right by now`;
  }
  const rules = failing(['iptables-failed']);
  if (rules !== undefined)
    return `it fails to write its rules (${said(rules)}): a new one writes all of them anew, which helps unless something else writes there too`;
  const lost = lostAtService(evidence, node);
  if (lost !== null && lost.lost > 0)
    return `${lost.lost} of ${lost.of} lookups at the address of the DNS Service were lost on this node: a new kube-proxy writes all rules anew`;
  const { state, reason } = pod.container;
  if (state !== 'running' || !pod.ready)
    return `it does not run (${reason ?? pod.phase}): a new pod helps where it is stuck, not where it would end the same way again`;
  return 'nothing was found to be wrong with kube-proxy on this node';
}
