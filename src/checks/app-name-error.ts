import type { Finding } from '../domain/finding.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { NamedServices } from '../domain/service.ts';
import { closest, isClusterName } from '../rules/names.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import { localRoles, proofRows, rcodesOf, rowsOf } from './lookup-view.ts';
import { isResolved } from './nameserver-view.ts';
import type { IndexedRow } from './outside-view.ts';

type Named = NamedServices['names'][number];

const bare = (name: string): string => name.replace(/\.$/, '').toLowerCase();

/** Lookups at cluster DNS of what the name may mean: as it stands, and with the search path behind it. */
function candidateRows(lookups: Lookups, host: string): IndexedRow[] {
  const asked = rowsOf(lookups, { role: 'asked', kind: ['cluster-ip', 'endpoint', 'node-local'] });
  return asked.filter(
    ({ row }) => bare(row.name) === bare(host) || (bare(row.name).startsWith(`${bare(host)}.`) && isClusterName(row.name, lookups.zone)),
  );
}

/** Whether CoreDNS itself says of every candidate in the cluster that it does not exist. Tools that print no flags do not tell who said so. */
function isDenied(rows: readonly IndexedRow[], zone: string): boolean {
  const own = rows.filter(({ row }) => isClusterName(row.name, zone) && row.answered > 0 && row.flags.length > 0);
  return own.some(({ row }) => row.flags.includes('aa')) && Object.keys(rcodesOf(own)).every((rcode) => rcode === 'NXDOMAIN');
}

/** No address, though the name exists: what a headless Service without ready pods answers, by the version of CoreDNS. */
const isEmpty = (rows: readonly IndexedRow[]): boolean => rows.length > 0 && rows.every(({ row }) => row.answers.length === 0);

function variantOf(named: Named, rows: readonly IndexedRow[], zone: string): string | null {
  if (rows.some(({ row }) => row.answers.length > 0)) return null;
  if (!named.namespaceExists) return isDenied(rows, zone) ? 'namespace' : null;
  if (!named.services.includes(named.service)) return isDenied(rows, zone) ? 'service' : null;
  return named.headlessNotReady && isEmpty(rows) ? 'headless' : null;
}

/** CoreDNS knows the name that every cluster has, so that its word on other names counts. */
function isTrusted(lookups: Lookups): boolean {
  const rows = rowsOf(lookups, { role: localRoles[0], kind: ['cluster-ip', 'endpoint', 'node-local'] }).filter(
    ({ row }) => row.answered > 0,
  );
  return rows.some(isResolved) && Object.keys(rcodesOf(rows)).every((rcode) => rcode === 'NOERROR');
}

function judgeName(named: Named, index: number, lookups: Lookups): Finding[] {
  const rows = candidateRows(lookups, named.host);
  const variant = variantOf(named, rows, lookups.zone);
  if (variant === null) return [];
  const { host, service, namespace } = named;
  const meant = closest(service, named.services);
  const args = { host, service, namespace, zone: lookups.zone, didYouMean: meant, count: named.services.length };
  const proof = [at('named-services', `/names/${index}`), ...proofRows(rows, 2)];
  return [finding('app-name-error', 'high', { kind: 'Service', namespace, name: service }, { variant, args, proof })];
}

export default defineCheck({
  id: 'app-name-error',
  title: 'The names that were asked for exist',
  why: 'DNS that works says NXDOMAIN for a Service that is not there. Then the name in the application is wrong, or the Service is missing, and nothing is wrong with DNS.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services',
  wording: {
    service: {
      found: 'DNS works, but {host} does not exist: namespace {namespace} has no Service {service}. Nearest names there: {didYouMean}',
      next: [
        'See the Services of that namespace: kubectl -n {namespace} get services',
        'Correct the name in the application, or create the Service',
      ],
    },
    namespace: {
      found: 'DNS works, but {host} does not exist: there is no namespace {namespace}',
      next: [
        'Look for the Service: kubectl get services -A | grep {service}',
        'Correct the name in the application: service.namespace.svc.{zone}',
      ],
    },
    headless: {
      found: 'DNS works, but {host} has no address: Service {subject} is headless, and none of its pods is ready',
      next: [
        'See its endpoints: kubectl -n {namespace} get endpointslices -l kubernetes.io/service-name={service}',
        'Make its pods ready, or set publishNotReadyAddresses when they must find each other before they are',
      ],
    },
  },
  explains: [],
  requires: ['named-services', 'lookups'],
  uses: [],
  judge({ 'named-services': named, lookups }) {
    if (named.names.length === 0) return notApplicable('no name was asked for that could mean a Service, or all were answered');
    if (!isTrusted(lookups))
      return notApplicable('CoreDNS does not know the names of the cluster, so what it says of others means nothing');
    return found(named.names.flatMap((one, index) => judgeName(one, index, lookups)));
  },
});
