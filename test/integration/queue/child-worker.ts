/** A worker as a process of its own: takes runs, says so in lines on stdout, and never ends one; so that tests can kill it. */
import { holding, openAt } from './fixture.ts';

const held = holding();
await openAt(process.argv[2]!).workers({
  perform: (order, hooks) => {
    hooks.onStep({ id: 'corefile', title: 'Corefile', state: 'running', reason: null, durationMs: null });
    process.stdout.write(`begun ${order.run} ${hooks.attempt}\n`);
    return held.perform(order, hooks);
  },
});
process.stdout.write('ready\n');
