import { z } from 'zod';
import { isClusterName, isHostName, isImage, isLabelKey, isLabelName, isLabelValue, isObjectName, isSelector } from './kubernetes-names.ts';
import { Environment } from './changes.ts';
import { PolicySection, strays } from './policy.ts';
import { strict, stringOf } from './strict.ts';

const NAMESPACE = stringOf('expected the name of a namespace such as "dns-medic"', isLabelName);

const Dns = strict({
  namespace: NAMESPACE.optional(),
  service: stringOf('expected the name of a Service such as "kube-dns"', isLabelName).nullish(),
  selector: stringOf('expected a label selector such as "k8s-app=kube-dns"', isSelector).nullish(),
});

const Toleration = strict({
  key: stringOf('expected the key of a taint such as "dedicated"', isLabelKey).optional(),
  operator: z.enum(['Exists', 'Equal'], { error: 'expected Exists or Equal' }).optional(),
  value: stringOf('expected the value of a taint as a string such as "payments"', isLabelValue).optional(),
  effect: z
    .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'], { error: 'expected NoSchedule, PreferNoSchedule or NoExecute' })
    .optional(),
})
  .refine(({ key, operator }) => key !== undefined || operator === 'Exists', {
    error: 'a toleration without a key tolerates every taint: expected operator: Exists with it',
  })
  .refine(({ operator, value }) => operator !== 'Exists' || (value ?? '') === '', {
    error: 'expected no value with operator: Exists',
  });

const LABELS = z.record(
  z.string().refine(isLabelKey, { error: 'expected the key of a label such as "team" or "example.com/team"' }),
  stringOf('expected a string such as "payments"', isLabelValue),
  { error: 'expected a map of labels such as {team: payments}' },
);

const Probe = strict({
  namespace: NAMESPACE.optional(),
  image: stringOf('expected a string such as "nicolaka/netshoot:v0.14"', isImage).optional(),
  pullSecret: stringOf('expected the name of a Secret such as "registry"', isObjectName).nullish(),
  tolerations: z.array(Toleration, { error: 'expected a list such as [{operator: Exists}]' }).optional(),
  labels: LABELS.optional(),
});

const Capture = strict({ namespace: NAMESPACE.optional() });

/** Each name costs a lookup for each server and node. */
const MOST_NAMES = 10;

const Names = z
  .array(stringOf('expected a host name such as "amazon.com"', isHostName), {
    error: 'expected a list of host names such as ["amazon.com"]',
  })
  .refine((names) => names.length <= MOST_NAMES, { error: `expected at most ${MOST_NAMES} host names` });

const inherited = { dns: Dns.optional(), probe: Probe.optional(), capture: Capture.optional(), names: Names.optional() };

const Cluster = strict({
  kubeconfig: stringOf('expected the path of a kubeconfig such as "~/.kube/config"').optional(),
  context: stringOf('expected the name of a context in the kubeconfig').optional(),
  inCluster: z.literal(true, { error: 'expected true, or leave the key out' }).optional(),
  environment: Environment.optional(),
  readOnly: z.boolean({ error: 'expected true or false' }).optional(),
  ...inherited,
}).refine(({ inCluster, kubeconfig, context }) => inCluster === undefined || (kubeconfig ?? context) === undefined, {
  error: 'inCluster means the cluster that dns-medic runs in: expected no kubeconfig and no context beside it',
});

/** A cluster of the file that says nothing more than its name is one too. */
const NamedCluster = z.preprocess((value) => value ?? {}, Cluster);

/** What `dns-medic.yaml` may hold. `dns`, `probe`, `capture` and `names` at the top are inherited by every cluster, key by key. */
export const ConfigFile = strict({
  clusters: z
    .record(z.string().refine(isClusterName, { error: 'expected the name of a cluster such as "cluster-a"' }), NamedCluster, {
      error: 'expected a map of clusters such as {cluster-a: {context: cluster-a}}',
    })
    .optional(),
  ...inherited,
  policy: PolicySection.optional(),
}).superRefine(({ policy, clusters }, context) => {
  if (policy === undefined) return;
  for (const stray of strays(policy, clusters ?? {})) context.addIssue({ code: 'custom', ...stray });
});
export type ConfigFile = z.infer<typeof ConfigFile>;
export type ClusterEntry = z.infer<typeof Cluster>;
