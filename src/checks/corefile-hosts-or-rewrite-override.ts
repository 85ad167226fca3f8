import type { Corefile } from '../domain/coredns.ts';
import type { Finding, Severity } from '../domain/finding.ts';
import type { Lookups } from '../domain/lookups.ts';
import { defineCheck, finding, found, passed } from './check.ts';
import { absolute, corefileArgs, corefileProof, corefileSubject } from './corefile-view.ts';
import { proofRows, rowsOf } from './lookup-view.ts';
import { directRows, type IndexedRow } from './outside-view.ts';
import { type Override, overridesOf } from './overrides.ts';

const isIp = (text: string): boolean => /^[\d.]+$|:/.test(text);
const addressesOf = (rows: readonly IndexedRow[]): string[] => [...new Set(rows.flatMap(({ row }) => row.answers).filter(isIp))].toSorted();
const answered = (rows: readonly IndexedRow[]): boolean => rows.some(({ row }) => row.answered > 0);
const isDenied = (rows: readonly IndexedRow[]): boolean =>
  answered(rows) && rows.every(({ row }) => (row.rcodes['SERVFAIL'] ?? 0) === 0 && row.answered === row.shots);

interface Comparison {
  name: string;
  rows: IndexedRow[];
  direct: IndexedRow[];
  override: Override;
}

/** What is asked of CoreDNS for each name that the Corefile may answer itself. */
function comparisons(lookups: Lookups, corefile: Corefile): Comparison[] {
  const asked = rowsOf(lookups, { how: 'probe', kind: ['cluster-ip', 'endpoint'], role: ['external', 'asked', 'pinned', 'internal'] });
  return [...Map.groupBy(asked, ({ row }) => row.name)].flatMap(([name, rows]) => {
    const [override] = overridesOf(corefile, name);
    return override === undefined ? [] : [{ name, rows, direct: directRows(lookups, name), override }];
  });
}

/**
 * Whether the answer is another one than the upstream's. Answers that rotate share an address now and then, so one in common makes them equal. A
 * name that only CoreDNS knows is an addition, not a contradiction.
 */
function contradicts({ rows, direct, override }: Comparison): boolean {
  const here = addressesOf(rows);
  const there = addressesOf(direct);
  if (there.length > 0) return here.length > 0 ? !here.some((address) => there.includes(address)) : isDenied(rows);
  if (answered(direct)) return false;
  const own = rows.some(({ row }) => row.flags.includes('aa'));
  return own && override.pinned.some((address) => here.includes(address));
}

export default defineCheck({
  id: 'corefile-hosts-or-rewrite-override',
  title: 'The Corefile does not change answers for names of the world',
  why: 'Entries of hosts, rewrite and template win over the upstream, for every pod of the cluster. One that was forgotten sends clients to an address that is no longer right.',
  docs: 'https://coredns.io/plugins/hosts/',
  wording: {
    found: 'CoreDNS answers {lookup} with {here} because of {plugin} in line {line} of the Corefile; {there}',
    next: [
      'See the entry: kubectl -n {namespace} get configmap {configMap} -o yaml',
      'If nobody wants it any more, delete it (the pods take that over within two minutes): kubectl -n {namespace} edit configmap {configMap}',
      'Clients keep the old answer as long as its TTL says (hosts: one hour, unless set)',
    ],
  },
  explains: [],
  requires: ['corefile', 'lookups'],
  uses: [],
  judge({ corefile, lookups }, { request }) {
    if (corefile.error !== null) return passed;
    const asked = request.names.map(absolute);
    const matters = ({ name, rows }: Comparison) => asked.includes(name) || rows.some(({ row }) => row.role !== 'pinned');
    const findings = comparisons(lookups, corefile)
      .filter(contradicts)
      .slice(0, 5)
      .map((one): Finding => {
        const { name, rows, direct, override } = one;
        const severity: Severity = matters(one) ? 'medium' : 'info';
        const there = addressesOf(direct);
        const args = {
          ...corefileArgs(corefile),
          lookup: name,
          here: addressesOf(rows).length === 0 ? 'no address' : addressesOf(rows),
          plugin: override.plugin,
          line: override.line,
          there: there.length === 0 ? 'the upstream could not be asked' : `the upstream says ${there.join(', ')}`,
        };
        const proof = [corefileProof(override.pointer), ...proofRows(rows, 2), ...proofRows(direct, 2)];
        const remedies = severity === 'info' ? [] : [{ id: 'restore-corefile', params: {} }];
        return finding('corefile-hosts-or-rewrite-override', severity, corefileSubject(corefile), { args, proof, remedies });
      });
    return found(findings);
  },
});
