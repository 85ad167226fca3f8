import type { AnyCheck } from '../domain/check.ts';
import appNameError from './app-name-error.ts';
import conntrackRace from './conntrack-race.ts';
import corednsChurnNoLameduck from './coredns-churn-no-lameduck.ts';
import corednsColocated from './coredns-colocated.ts';
import corednsCpuThrottled from './coredns-cpu-throttled.ts';
import corednsCrashloopCorefileError from './coredns-crashloop-corefile-error.ts';
import corednsCrashloopLoop from './coredns-crashloop-loop.ts';
import corednsCrashloop from './coredns-crashloop.ts';
import corednsDropsQueries from './coredns-drops-queries.ts';
import corednsEndpointUnanswering from './coredns-endpoint-unanswering.ts';
import corednsImagePullFailure from './coredns-image-pull-failure.ts';
import corednsInternalNameError from './coredns-internal-name-error.ts';
import corednsLivenessRestarts from './coredns-liveness-restarts.ts';
import corednsNoPods from './coredns-no-pods.ts';
import corednsNotReadyKubernetesUnsynced from './coredns-not-ready-kubernetes-unsynced.ts';
import corednsNotReadyMissingReadyPlugin from './coredns-not-ready-missing-ready-plugin.ts';
import corednsNotReady from './coredns-not-ready.ts';
import corednsNothingListening from './coredns-nothing-listening.ts';
import corednsOomkilled from './coredns-oomkilled.ts';
import corednsPendingUnschedulable from './coredns-pending-unschedulable.ts';
import corednsRbacMissing from './coredns-rbac-missing.ts';
import corednsSinglePoint from './coredns-single-point.ts';
import corednsSlowAnswers from './coredns-slow-answers.ts';
import corednsStaleApiWatch from './coredns-stale-api-watch.ts';
import corefileForceTcpUpstream from './corefile-force-tcp-upstream.ts';
import corefileForwardUnreachable from './corefile-forward-unreachable.ts';
import corefileHostsOrRewriteOverride from './corefile-hosts-or-rewrite-override.ts';
import corefileKubernetesZoneMismatch from './corefile-kubernetes-zone-mismatch.ts';
import corefileMaxConcurrent from './corefile-max-concurrent.ts';
import corefileMissing from './corefile-missing.ts';
import corefileNoForward from './corefile-no-forward.ts';
import corefileReloadFailed from './corefile-reload-failed.ts';
import corefileReloadPluginAbsent from './corefile-reload-plugin-absent.ts';
import corefileRemovedOption from './corefile-removed-option.ts';
import corefileStubZoneShadow from './corefile-stub-zone-shadow.ts';
import diagnosticLogLeftOn from './diagnostic-log-left-on.ts';
import dnsPacketLoss from './dns-packet-loss.ts';
import dnsReplyLost from './dns-reply-lost.ts';
import dnsRequestLost from './dns-request-lost.ts';
import kubednsClusteripMismatch from './kubedns-clusterip-mismatch.ts';
import kubednsEndpointsEmpty from './kubedns-endpoints-empty.ts';
import kubednsInternalTrafficLocal from './kubedns-internal-traffic-local.ts';
import kubednsPortProtocolMissing from './kubedns-port-protocol-missing.ts';
import kubednsSelectorMismatch from './kubedns-selector-mismatch.ts';
import kubednsServiceMissing from './kubedns-service-missing.ts';
import kubednsTargetportWrong from './kubedns-targetport-wrong.ts';
import kubeletClusterdnsWrong from './kubelet-clusterdns-wrong.ts';
import kubeletMissingClusterdns from './kubelet-missing-clusterdns.ts';
import kubeproxyApiserverUnreachable from './kubeproxy-apiserver-unreachable.ts';
import kubeproxyCrashloop from './kubeproxy-crashloop.ts';
import kubeproxyForbidden from './kubeproxy-forbidden.ts';
import kubeproxyIptablesRestoreFailing from './kubeproxy-iptables-restore-failing.ts';
import kubeproxyNotRunningOnNode from './kubeproxy-not-running-on-node.ts';
import kubeproxyRulesMissing from './kubeproxy-rules-missing.ts';
import ndotsAmplification from './ndots-amplification.ts';
import ndotsTooLow from './ndots-too-low.ts';
import netpolEgressDeniesDns from './netpol-egress-denies-dns.ts';
import netpolIngressBlocksCoredns from './netpol-ingress-blocks-coredns.ts';
import nodeNotready from './node-notready.ts';
import nodeToNodeDnsBlocked from './node-to-node-dns-blocked.ts';
import nodelocaldnsDown from './nodelocaldns-down.ts';
import podDnsconfigNoneIncomplete from './pod-dnsconfig-none-incomplete.ts';
import podDnspolicyDefault from './pod-dnspolicy-default.ts';
import podHostnetworkClusterfirst from './pod-hostnetwork-clusterfirst.ts';
import podLookupsFail from './pod-lookups-fail.ts';
import podNameserverWrong from './pod-nameserver-wrong.ts';
import podNotRunning from './pod-not-running.ts';
import resolvLimitsExceeded from './resolv-limits-exceeded.ts';
import tcp53Blocked from './tcp53-blocked.ts';
import upstreamServfail from './upstream-servfail.ts';
import upstreamSlow from './upstream-slow.ts';
import vpcDnsPpsThrottle from './vpc-dns-pps-throttle.ts';

/** Every check. The order is that of the report's lists; it changes no verdict. */
export const checks: readonly AnyCheck[] = [
  appNameError,
  conntrackRace,
  corednsChurnNoLameduck,
  corednsColocated,
  corednsCpuThrottled,
  corednsCrashloopCorefileError,
  corednsCrashloopLoop,
  corednsCrashloop,
  corednsDropsQueries,
  corednsEndpointUnanswering,
  corednsImagePullFailure,
  corednsInternalNameError,
  corednsLivenessRestarts,
  corednsNoPods,
  corednsNotReadyKubernetesUnsynced,
  corednsNotReadyMissingReadyPlugin,
  corednsNotReady,
  corednsNothingListening,
  corednsOomkilled,
  corednsPendingUnschedulable,
  corednsRbacMissing,
  corednsSinglePoint,
  corednsSlowAnswers,
  corednsStaleApiWatch,
  corefileForceTcpUpstream,
  corefileForwardUnreachable,
  corefileHostsOrRewriteOverride,
  corefileKubernetesZoneMismatch,
  corefileMaxConcurrent,
  corefileMissing,
  corefileNoForward,
  corefileReloadFailed,
  corefileReloadPluginAbsent,
  corefileRemovedOption,
  corefileStubZoneShadow,
  diagnosticLogLeftOn,
  dnsPacketLoss,
  dnsReplyLost,
  dnsRequestLost,
  kubednsClusteripMismatch,
  kubednsEndpointsEmpty,
  kubednsInternalTrafficLocal,
  kubednsPortProtocolMissing,
  kubednsSelectorMismatch,
  kubednsServiceMissing,
  kubednsTargetportWrong,
  kubeletClusterdnsWrong,
  kubeletMissingClusterdns,
  kubeproxyApiserverUnreachable,
  kubeproxyCrashloop,
  kubeproxyForbidden,
  kubeproxyIptablesRestoreFailing,
  kubeproxyNotRunningOnNode,
  kubeproxyRulesMissing,
  ndotsAmplification,
  ndotsTooLow,
  netpolEgressDeniesDns,
  netpolIngressBlocksCoredns,
  nodeNotready,
  nodeToNodeDnsBlocked,
  nodelocaldnsDown,
  podDnsconfigNoneIncomplete,
  podDnspolicyDefault,
  podHostnetworkClusterfirst,
  podLookupsFail,
  podNameserverWrong,
  podNotRunning,
  resolvLimitsExceeded,
  tcp53Blocked,
  upstreamServfail,
  upstreamSlow,
  vpcDnsPpsThrottle,
];
