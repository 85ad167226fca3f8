import { z } from 'zod';
import { podNeeds } from './pods/draft.ts';
import { switchOn } from './query-log/act.ts';
import { QueryLogData } from './query-log/data.ts';
import { CLASSES } from './query-log/lines.ts';
import { switchOff } from './query-log/off.ts';
import { planQueryLog } from './query-log/plan.ts';
import type { Remedy } from './remedy.ts';

const Params = z.strictObject({
  classes: z.enum(CLASSES, { error: 'expected "denial error" (what fails or finds nothing) or all' }).default('denial error'),
  minutes: z.coerce
    .number({ error: 'expected a number of minutes from 1 to 60' })
    .int({ error: 'expected a whole number of minutes from 1 to 60' })
    .min(1, { error: 'expected at least 1 minute' })
    .max(60, { error: 'expected at most 60 minutes' })
    .default(15),
  name: z.string().min(1).max(253).optional(),
});

/** Logs queries for a while, and takes it back by itself. */
export const enableQueryLog: Remedy<z.infer<typeof Params>, QueryLogData> = {
  id: 'enable-query-log',
  title: 'Log the queries that CoreDNS gets, for some minutes',
  helps: 'Where it is not clear who asks for what: it shows clients, names, answers and what is slow.',
  risk: 'safe',
  needs: [
    // where the Corefile has no reload plugin, pods are replaced
    ...podNeeds.map((need) => ({ ...need, optional: true })),
    { group: '', resource: 'configmaps', verb: 'patch', scope: 'dns', names: ['coredns'] },
    { group: '', resource: 'configmaps', verb: 'get', scope: 'dns' },
    { group: '', resource: 'pods', verb: 'list', scope: 'dns' },
    { group: '', resource: 'pods/log', verb: 'get', scope: 'dns' },
    { group: '', resource: 'pods', verb: 'list', scope: 'cluster', optional: true },
  ],
  params: Params,
  paramHelp: {
    classes: '"denial error" (what fails or finds nothing) or all; "denial error" unless said',
    minutes: 'for how long, 1 to 60; 15 unless said',
    name: 'only where this name is served',
  },
  data: QueryLogData,
  proves: [],
  effect: { withinMs: 0, why: 'pods were waited for already' },
  plan: planQueryLog,
  apply: (context, data) => switchOn(context, data),
  undo: (context, data, plan) => switchOff(context, data, plan),
};
