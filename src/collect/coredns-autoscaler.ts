import type { ClusterPort, Json } from '../cluster/port.ts';
import type { CorednsWorkload } from '../domain/coredns.ts';
import { outcome } from './bounded.ts';
import { arr, str, strings } from './pick.ts';

/** What scales workloads in a namespace; each as the API server gives it. */
export interface Autoscalers {
  horizontal: readonly Json[];
  proportional: readonly Json[];
}

/** Label of the cluster-proportional-autoscaler in the manifests of Kubernetes, kubespray and GKE, and in CoreDNS' chart. */
const proportional = 'k8s-app in (dns-autoscaler,kube-dns-autoscaler,coredns-autoscaler)';

/** Reads what may scale CoreDNS. Never rejects: a run is as good without it. */
export async function readAutoscalers(port: ClusterPort, namespace: string, signal: AbortSignal): Promise<Autoscalers> {
  const [hpas, deployments] = await Promise.all([
    outcome(port.list(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, { limit: 50, signal })),
    outcome(port.list(`/apis/apps/v1/namespaces/${namespace}/deployments`, { labelSelector: proportional, limit: 10, signal })),
  ]);
  return {
    horizontal: 'value' in hpas ? hpas.value.items : [],
    proportional: 'value' in deployments ? deployments.value.items : [],
  };
}

/**
 * The autoscaler of a workload as kind/name, null when none was seen. The autoscaling of the EKS add-on is not seen: it is a setting of the add-on
 * in AWS, and no object in the cluster.
 */
export function autoscalerOf(scalers: Autoscalers, kind: CorednsWorkload['kind'], name: string): string | null {
  const hpa = scalers.horizontal.find(
    (one) => str(one, 'spec.scaleTargetRef.kind') === kind && str(one, 'spec.scaleTargetRef.name') === name,
  );
  if (hpa !== undefined) return `HorizontalPodAutoscaler/${str(hpa, 'metadata.name') ?? ''}`;
  const target = `${kind}/${name}`.toLowerCase();
  const cpa = scalers.proportional.find((one) => targetsOf(one).includes(target));
  return cpa === undefined ? null : `Deployment/${str(cpa, 'metadata.name') ?? ''}`;
}

/** What `--target=Deployment/coredns,...` names, in lower case. */
function targetsOf(deployment: Json): string[] {
  const containers = arr(deployment, 'spec.template.spec.containers');
  const words = containers.flatMap((container) => [...strings(container, 'command'), ...strings(container, 'args')]);
  return words.flatMap((word, index) => {
    if (word === '--target') return (words[index + 1] ?? '').toLowerCase().split(',');
    return word.startsWith('--target=') ? word.slice('--target='.length).toLowerCase().split(',') : [];
  });
}
