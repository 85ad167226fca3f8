import { z } from 'zod';
import { podNeeds } from './pods/draft.ts';
import type { Remedy } from './remedy.ts';
import { putBack, restore } from './restore-corefile/act.ts';
import { RestoreData, Source } from './restore-corefile/data.ts';
import { planRestore } from './restore-corefile/plan.ts';

const Params = z.strictObject({ source: Source.default('auto') });

/** Puts a Corefile that works in the place of one that does not. */
export const restoreCorefile: Remedy<z.infer<typeof Params>, RestoreData> = {
  id: 'restore-corefile',
  title: 'Restore the Corefile',
  helps: 'Where the Corefile is broken, is gone, or sends names where nobody answers them.',
  risk: 'safe',
  needs: [
    ...podNeeds,
    { group: '', resource: 'configmaps', verb: 'create', scope: 'dns' },
    { group: '', resource: 'configmaps', verb: 'patch', scope: 'dns', names: ['coredns'] },
    { group: '', resource: 'pods/log', verb: 'get', scope: 'dns' },
  ],
  params: Params,
  paramHelp: {
    source:
      'history (the newest that worked and is not there now), newest (the same, but only if it was there last), running (the one that the ready pods still run), mended (the same with what is surely wrong put right), default (that of EKS), without-log (the same without the log plugin), or auto (the first of these that there is)',
  },
  data: RestoreData,
  proves: [
    'coredns-internal-name-error',
    'corefile-forward-unreachable',
    'corefile-hosts-or-rewrite-override',
    'corefile-kubernetes-zone-mismatch',
    'corefile-missing',
    'corefile-no-forward',
    'corefile-reload-failed',
    'corefile-removed-option',
    'corefile-stub-zone-shadow',
    'coredns-crashloop-corefile-error',
    'coredns-crashloop-loop',
    'coredns-not-ready-missing-ready-plugin',
  ],
  effect: {
    withinMs: 240_000,
    why: 'the kubelet brings a changed ConfigMap to its pods within about a minute, CoreDNS looks at it every 30 s, and a pod that crashed needs a moment to start',
  },
  plan: (context, { source }) => planRestore(context, source),
  apply: (context, data) => restore(context, data),
  undo: (context, data) => putBack(context, data),
};
