import { Failure } from '../base/failure.ts';
import type { ClusterPort } from '../cluster/port.ts';
import { createProbePods } from '../cluster/probes.ts';
import { checkRights, type RightsAnswer } from '../cluster/rights.ts';
import { checks } from '../checks/registry.ts';
import type { Permission } from '../domain/reading.ts';
import type { ClusterSettings } from '../domain/settings.ts';
import { type DoctorReport, missingRights, type ReadingLoss, type RightAnswer } from '../report/doctor.ts';
import { granteeOf, rbacYaml, suffixOf } from '../report/rbac-yaml.ts';
import { remedyRbac, remedyRights } from './doctor-remedies.ts';
import { newRunId } from './run-id.ts';
import { allNeeds, type Need, rightsNamespaces } from './needs.ts';

/** Whom the API server takes us for; null where it does not say (SelfSubjectReview is of Kubernetes 1.28). */
async function whoAmI(port: ClusterPort): Promise<string | null> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const review = await port.create('/apis/authentication.k8s.io/v1/selfsubjectreviews', body).catch(() => null);
  const name: unknown = review?.['status']?.['userInfo']?.['username'];
  return typeof name === 'string' && name !== '' ? name : null;
}

async function isThere(port: ClusterPort, namespace: string): Promise<boolean | null> {
  try {
    await port.get(`/api/v1/namespaces/${namespace}`);
    return true;
  } catch (error) {
    return error instanceof Failure && error.reason === 'missing' ? false : null;
  }
}

const createNamespace: Permission = { group: '', resource: 'namespaces', verb: 'create', scope: 'cluster' };

function answerOf({ permission, namespace, allowed, message }: RightsAnswer, { readings }: Need, pod: string | null): RightAnswer {
  const { group, resource, verb, scope, optional = false } = permission;
  return { group, resource, verb, namespace, optional, onlyWithPod: scope === 'pod' && pod === null, allowed, message, readings };
}

/** The checks that a reading is missed by. */
const lossesOf = (readings: readonly string[]): ReadingLoss[] =>
  readings.map((reading) => ({
    reading,
    unknown: checks.filter(({ requires }) => (requires as readonly string[]).includes(reading)).map(({ id }) => id),
    poorer: checks.filter(({ uses }) => (uses as readonly string[]).includes(reading)).map(({ id }) => id),
  }));

/** Starts a probe pod on the first node that is ready, and removes it. */
async function tryProbe(port: ClusterPort, settings: ClusterSettings): Promise<NonNullable<DoctorReport['probe']>> {
  const began = Date.now();
  const probes = createProbePods(port, settings.probe, { id: newRunId(), deadlineSeconds: 120 });
  const said = { node: null as string | null, message: null, allow: null };
  try {
    const { items } = await port.list('/api/v1/nodes', { limit: 50 });
    const ready = items.filter((node) =>
      (node['status']?.['conditions'] as { type: string; status: string }[] | undefined)?.some?.(
        ({ type, status }) => type === 'Ready' && status === 'True',
      ),
    );
    const name: unknown = (ready.find((node) => node['spec']?.['unschedulable'] !== true) ?? ready[0])?.['metadata']?.['name'];
    if (typeof name !== 'string') throw new Failure('missing', 'no node is ready');
    said.node = name;
    const pod = await probes.start({ node: name, dnsPolicy: 'ClusterFirst', role: 'probe' });
    await pod.run('true', { timeoutMs: 10_000 });
    await probes.close();
    return { ...said, ok: true, durationMs: Date.now() - began };
  } catch (error) {
    const { message, allow } = error instanceof Failure ? error : new Failure('error', String(error));
    return { ...said, ok: false, durationMs: Date.now() - began, message, allow: allow ?? null };
  } finally {
    await probes.close().catch(() => undefined);
  }
}

/** What is asked: of which cluster, with which settings, for a pod of which namespace. */
export interface DoctorQuestion {
  cluster: string;
  port: ClusterPort;
  settings: ClusterSettings;
  podNamespace: string | null;
  probe: boolean;
}

/** Asks what the user may do, and says what is missed. Rejects when the API server cannot be reached at all. */
export async function examine({ cluster, port, settings, podNamespace, probe }: DoctorQuestion): Promise<DoctorReport> {
  await port.get('/version', {}, { timeoutMs: 6_000 });
  const there = await isThere(port, settings.probe.namespace);
  const needs = [...allNeeds(), ...(there === false ? [{ permission: createNamespace, readings: ['lookups'] }] : [])];
  const namespaces = rightsNamespaces(settings, podNamespace);
  const [answers, user, remedies] = await Promise.all([
    checkRights(
      port,
      needs.map(({ permission }) => permission),
      namespaces,
    ),
    whoAmI(port),
    remedyRights(port, namespaces),
  ]);
  const rights = answers.flatMap((answer, index) => (needs[index] === undefined ? [] : [answerOf(answer, needs[index], podNamespace)]));
  const missing = missingRights({ rights });
  const grantee = granteeOf(user ?? 'YOUR-USER');
  return {
    schema: 'dns-medic/doctor/v1',
    cluster,
    user,
    rights,
    losses: lossesOf([...new Set(missing.flatMap(({ readings }) => readings))]),
    probeNamespace: { name: settings.probe.namespace, there },
    probe: probe ? await tryProbe(port, settings) : null,
    rbac: rbacYaml(missing, grantee, `dns-medic-more-${suffixOf(missing)}`),
    remedies,
    remedyRbac: remedyRbac(remedies, grantee),
  };
}
