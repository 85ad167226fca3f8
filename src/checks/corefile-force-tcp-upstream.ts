import type { Severity } from '../domain/finding.ts';
import { defineCheck, finding, found, passed } from './check.ts';
import { corefileArgs, corefileProof, corefileSubject, directivesNamed, type PlacedDirective } from './corefile-view.ts';
import { countOf, lately, logProof, upstreamTrouble } from './log-view.ts';

const isForced = ({ directive }: PlacedDirective): boolean =>
  directive.options.some(({ name }) => name === 'force_tcp') && !directive.args.slice(1).every((to) => to.startsWith('tls://'));

export default defineCheck({
  id: 'corefile-force-tcp-upstream',
  title: 'CoreDNS asks its upstream over UDP',
  why: 'A query over TCP costs five to seven packets instead of one. On EC2 the limit of 1024 packets a second to the resolver of the VPC is then reached at about 200 queries a second.',
  docs: 'https://coredns.io/plugins/forward/',
  wording: {
    losing: {
      found:
        'CoreDNS asks its upstream over TCP only (force_tcp in line {line}), and these queries fail: {times} times in 10 minutes, {upstream}',
      next: [
        'Delete force_tcp, or write prefer_udp instead: kubectl -n {namespace} edit configmap {configMap}, line {line}',
        'See that TCP port 53 to {upstream} is open',
      ],
    },
    latent: {
      found: 'CoreDNS asks its upstream over TCP only (force_tcp in line {line} of the Corefile)',
      next: [
        'If there is no reason for it, delete force_tcp or write prefer_udp: kubectl -n {namespace} edit configmap {configMap}, line {line}',
      ],
    },
  },
  explains: ['upstream-slow', 'vpc-dns-pps-throttle'],
  requires: ['corefile'],
  uses: ['coredns-logs'],
  judge({ corefile, 'coredns-logs': logs }, { now }) {
    const forced = directivesNamed(corefile, 'forward').find(isForced);
    if (forced === undefined) return passed;
    const failing = lately(logs, upstreamTrouble, 10, now).filter((entry) => entry.fields['protocol'] === 'tcp' && entry.count >= 5);
    const severity: Severity = failing.length > 0 ? 'high' : 'info';
    const args = {
      ...corefileArgs(corefile),
      line: forced.directive.line,
      times: countOf(failing),
      upstream: failing[0]?.fields['upstream'] ?? 'the upstream',
    };
    const parts = { variant: failing.length > 0 ? 'losing' : 'latent', args, proof: [corefileProof(forced.pointer), ...logProof(failing)] };
    return found([finding('corefile-force-tcp-upstream', severity, corefileSubject(corefile), parts)]);
  },
});
