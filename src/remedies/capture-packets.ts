import type { Permission } from '../domain/reading.ts';
import { capturePackets as carryOut } from './capture/act.ts';
import { CaptureData } from './capture/data.ts';
import { CaptureParams } from './capture/params.ts';
import { planCapture } from './capture/plan.ts';
import { RIGHTS_BY } from './capture/way.ts';
import type { Remedy } from './remedy.ts';

/** For privileged pods in a namespace of their own. */
const inOwn: readonly Permission[] = [
  { group: '', resource: 'pods', verb: 'create', scope: 'capture' },
  { group: '', resource: 'pods', verb: 'list', scope: 'capture' },
  { group: '', resource: 'pods', verb: 'delete', scope: 'capture' },
  { group: '', resource: 'pods/exec', verb: 'create', scope: 'capture' },
  { group: '', resource: 'pods/exec', verb: 'get', scope: 'capture' },
];

/** Into pods themselves: CoreDNS' own, or the named one. */
const insidePods = (scope: 'dns' | 'pod'): Permission[] => [
  { group: '', resource: 'pods', verb: 'get', scope },
  { group: '', resource: 'pods/ephemeralcontainers', verb: 'patch', scope },
  { group: '', resource: 'pods/exec', verb: 'create', scope },
  { group: '', resource: 'pods/exec', verb: 'get', scope },
];

const optional = (needs: readonly Permission[]): Permission[] => needs.map((need) => ({ ...need, optional: true }));

/** What a plan needs by the way that it goes. */
function usedBy(data: unknown): readonly Permission[] {
  const plan = CaptureData.safeParse(data).data;
  if (plan?.way !== 'pod') return inOwn;
  const entered = plan.points.filter(({ pod }) => pod !== null);
  return (['dns', 'pod'] as const).flatMap((scope) =>
    entered.some(({ role }) => (role === 'server') === (scope === 'dns')) ? insidePods(scope) : [],
  );
}

/** Captures DNS packets at clients, their nodes and CoreDNS, and says where they get lost. */
export const capturePackets: Remedy<CaptureParams, CaptureData> = {
  id: 'capture-packets',
  title: 'Capture DNS packets at both ends, and say where they get lost',
  helps: 'Where lookups fail or are slow and nothing else says why: it follows marked queries from the client to CoreDNS and back.',
  risk: 'safe',
  needs: [...inOwn, ...optional([...insidePods('dns'), ...insidePods('pod')])],
  uses: ({ data }) => usedBy(data),
  rightsBy: RIGHTS_BY,
  leases: ['dns-medic-capture-1', 'dns-medic-capture-2'],
  changesNothing: true,
  params: CaptureParams,
  paramHelp: {
    seconds: 'for how long, 5 to 120; 30 unless said',
    node: 'the node to ask from, where no pod is named; two unless said',
    coredns: 'the CoreDNS pod to capture at, or all (at most four); all unless said',
    filter: 'a filter of tcpdump that takes packets away, such as "host 10.0.1.7"',
  },
  data: CaptureData,
  proves: [],
  effect: { withinMs: 0, why: 'it only looks' },
  plan: planCapture,
  apply: (context, data) => carryOut(context, data),
  undo: null,
};
