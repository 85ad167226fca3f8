import { before, type Version } from './version.ts';

/**
 * Plugins of a default build of CoreDNS in the order in which they are set up (plugin.cfg of 1.4.0 to 1.15.0), as EKS builds it.
 * `name>=a` came with version a or later, `name<b` is gone in b.
 */
const plugins =
  'root metadata geoip>=1.8.1 cancel>=1.4.1 tls proxyproto>=1.14.1 quic>=1.11.5 grpc_server>=1.13.3 https>=1.13.3 https3>=1.13.3 ' +
  'timeouts>=1.9.5 multisocket>=1.11.5 reload nsid bufsize>=1.6.1 bind debug trace ready>=1.4.1 health pprof shed>=1.14.6 prometheus errors ' +
  'log dnstap local>=1.8.1 dns64>=1.6.7 siit>=1.14.6 any>=1.5.1 chaos loadbalance tsig>=1.8.8 rewrite autopath acl>=1.6.1 cache ' +
  'header>=1.8.1 dnssec minimal>=1.8.1 template transfer>=1.6.1 dynupdate>=1.14.6 hosts route53 azure>=1.6.1 clouddns>=1.6.1 ' +
  'federation<1.7.0 k8s_external kubernetes file auto secondary etcd loop forward proxy<1.5.0 grpc>=1.4.1 erratic whoami on sign>=1.6.1 ' +
  'view>=1.9.5 nomad>=1.12.5';

const known = plugins.split(' ').map((entry) => {
  const [, name = '', since, until] = /^(\w+)(?:>=([\d.]+))?(?:<([\d.]+))?$/.exec(entry) ?? [];
  return { name, since, until };
});

/** Names of the plugins in the order of their setup: the first fault is that of the first plugin, not of the first line. */
export const setupOrder: readonly string[] = known.map(({ name }) => name);

const byName = new Map(known.map((plugin) => [plugin.name, plugin]));

/** Is the plugin in a default build of this version? Where the tables are not sure of the release, yes. */
export function isCompiledIn(name: string, version: Version): boolean {
  const plugin = byName.get(name);
  if (plugin === undefined) return false;
  const tooNew = plugin.since !== undefined && before(version, plugin.since);
  const gone = plugin.until !== undefined && !before(version, plugin.until);
  return !tooNew && !gone;
}
