/** Opens all there is of the queue, has a run going, and closes it all on a line on stdin: nothing then keeps the process from ending. */
import { once } from 'node:events';
import { openDepth } from '../../../src/queue/depth.ts';
import { ask, CLUSTER, holding, openAt, PREFIX, stands } from './fixture.ts';

const at = openAt(process.argv[2]!);
const { desk, book, guard } = at.bot();
book.onChange(() => undefined);
const depth = openDepth({ redis: at.redis, prefix: PREFIX, clusters: [CLUSTER], onError: () => undefined });
await at.workers({ perform: holding().perform });
const { record } = await desk.ask(ask(CLUSTER));
await stands(desk, record.id, 'running');
await guard.check();
await depth.read();
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
await depth.close();
await at.close();
process.stdout.write('closed\n');
