import { describe, expect, test } from '@jest/globals';
import { corednsMetrics } from '../../src/formats/coredns-metrics.ts';

/** Taken from CoreDNS 1.12.4; the counts are changed. */
const of112 = `# HELP coredns_panics_total A metrics that counts the number of panics.
coredns_build_info{goversion="go1.26.8",revision="",version="1.12.4"} 1
coredns_dns_responses_total{plugin="loadbalance",rcode="NOERROR",server="dns://:53",view="",zone="."} 117
coredns_dns_responses_total{plugin="forward",rcode="NOERROR",server="dns://:53",view="",zone="."} 3
coredns_dns_responses_total{plugin="loadbalance",rcode="NXDOMAIN",server="dns://:53",view="",zone="."} 1
coredns_forward_max_concurrent_rejects_total 4
coredns_health_request_duration_seconds_bucket{le="0.025"} 10
coredns_health_request_duration_seconds_bucket{le="0.25"} 15
coredns_health_request_duration_seconds_bucket{le="2.5"} 20
coredns_health_request_duration_seconds_bucket{le="+Inf"} 20
coredns_kubernetes_rest_client_requests_total{code="200",host="10.100.0.1:443",method="GET"} 16
coredns_kubernetes_rest_client_requests_total{code="403",host="10.100.0.1:443",method="GET"} 2
coredns_kubernetes_rest_client_requests_total{code="<error>",host="10.100.0.1:443",method="GET"} 3
coredns_panics_total 0
coredns_proxy_conn_cache_hits_total{proto="udp",proxy_name="forward",to="172.30.0.2:53"} 6
coredns_proxy_conn_cache_misses_total{proto="tcp",proxy_name="forward",to="172.30.0.2:53"} 2
coredns_proxy_conn_cache_misses_total{proto="udp",proxy_name="grpc",to="9.9.9.9:53"} 2
coredns_proxy_healthcheck_failures_total{proxy_name="forward",to="172.30.0.2:53"} 5
coredns_proxy_request_duration_seconds_sum{proxy_name="forward",rcode="NOERROR",to="172.30.0.2:53"} 0.5
coredns_proxy_request_duration_seconds_count{proxy_name="forward",rcode="NOERROR",to="172.30.0.2:53"} 3
coredns_proxy_request_duration_seconds_sum{proxy_name="forward",rcode="SERVFAIL",to="172.30.0.2:53"} 0.5
coredns_proxy_request_duration_seconds_count{proxy_name="forward",rcode="SERVFAIL",to="172.30.0.2:53"} 1
coredns_reload_failed_total 1
coredns_reload_version_info{hash="sha512",value="8a7d59"} 1
process_resident_memory_bytes 6.0915712e+07
`;

describe('the metrics of a CoreDNS pod', () => {
  test('of 1.11 and later', () => {
    expect(corednsMetrics(of112)).toEqual({
      reloadFailed: 1,
      reloadHash: '8a7d59',
      panics: 0,
      maxConcurrentRejects: 4,
      apiForbidden: 2,
      apiErrors: 5,
      apiRequests: 21,
      rcodes: { NOERROR: 120, NXDOMAIN: 1 },
      healthSlowShare: 0.25,
      upstreams: [
        { to: '172.30.0.2:53', attempts: 8, answered: 4, servfail: 1, meanSeconds: 0.25, healthcheckFailures: 5, tcpShare: 0.25 },
      ],
      cpuThrottledShare: null,
      residentBytes: 60_915_712,
    });
  });

  test('of 1.8 to 1.10, where forward counts itself', () => {
    const of110 = of112
      .replaceAll('coredns_proxy_', 'coredns_forward_')
      .replaceAll('proxy_name="forward",', '')
      .replaceAll(/^.*(?:grpc|rest_client).*\n/gm, '');
    expect(corednsMetrics(of110)).toMatchObject({
      upstreams: [{ to: '172.30.0.2:53', attempts: 8, answered: 4, healthcheckFailures: 5 }],
      apiRequests: null,
      apiForbidden: null,
    });
  });

  test('where connections are not counted, answers stand for attempts', () => {
    const text = 'coredns_forward_request_duration_seconds_count{rcode="NOERROR",to="10.0.0.2:53"} 7\n';
    expect(corednsMetrics(text).upstreams).toMatchObject([{ attempts: 7, answered: 7, tcpShare: null }]);
  });

  test('an empty or foreign text gives nulls', () => {
    expect(corednsMetrics('<html>not found</html>')).toMatchObject({
      reloadFailed: null,
      panics: null,
      rcodes: {},
      upstreams: [],
      healthSlowShare: null,
      residentBytes: null,
    });
  });

  test('hostile values and labels do no harm', () => {
    const text =
      'coredns_panics_total NaN\ncoredns_dns_responses_total{rcode="__proto__"} 1\ncoredns_dns_responses_total{rcode="a b"} 1\ncoredns_proxy_conn_cache_hits_total{to="x"} +Inf\n';
    expect(corednsMetrics(text)).toMatchObject({ panics: null, upstreams: [] });
    expect(Object.getPrototypeOf(corednsMetrics(text).rcodes)).toBe(Object.prototype);
  });
});
