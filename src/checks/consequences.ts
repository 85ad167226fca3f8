/** What packets then show, when the way to CoreDNS or its Service is not as it should be. */
export const whenTheWayIsClosed = ['dns-request-lost', 'dns-reply-lost', 'coredns-nothing-listening'] as const;

/** What follows when CoreDNS pods do not serve, whatever the reason: their own state, the endpoints, and what lookups then see. */
export const whenPodsDoNotServe = [
  'coredns-not-ready',
  'coredns-single-point',
  'coredns-colocated',
  'coredns-internal-name-error',
  'coredns-endpoint-unanswering',
  'kubedns-endpoints-empty',
  'dns-packet-loss',
  'dns-request-lost',
  'coredns-nothing-listening',
  'coredns-drops-queries',
  'coredns-slow-answers',
] as const;

/** What follows, besides, when pods crash again and again. */
export const whenPodsCrash = [...whenPodsDoNotServe, 'coredns-churn-no-lameduck', 'coredns-liveness-restarts'] as const;
