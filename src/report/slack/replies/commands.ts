/** A command as help and usage show it. `example` is what somebody types after the command's name. */
export interface CommandHelp {
  usage: string;
  about: string;
}

/** The commands, in the order in which they are wanted. */
export const commandHelp: readonly CommandHelp[] = [
  {
    usage: 'check CLUSTER [pod=NAMESPACE/POD] [node=NODE] [name=HOST] [quick]',
    about: 'look for what is wrong with DNS in a cluster; with pod and name also for what is wrong for that pod',
  },
  {
    usage: 'remedy CLUSTER REMEDY [key=value ...] [pod=NAMESPACE/POD] [reason=WORDS]',
    about: 'have a change planned by name; it is shown, and done only once people have approved it',
  },
  { usage: 'remedies', about: 'what can be mended, when each helps, and what it takes' },
  { usage: 'status [RUN]', about: 'how far a run is; without RUN the last one here' },
  { usage: 'cancel [RUN]', about: 'end a run' },
  { usage: 'history CLUSTER', about: 'the last runs of a cluster' },
  { usage: 'clusters', about: 'the clusters, and whether workers serve them' },
  { usage: 'doctor CLUSTER', about: 'which rights are missing in a cluster, and the RBAC that gives them' },
  { usage: 'help', about: 'this' },
];

/** The usage of one command by its first word; null when there is none. */
export const usageOf = (command: string): string | null =>
  commandHelp.find(({ usage }) => usage.split(' ', 1)[0] === command.toLowerCase())?.usage ?? null;
