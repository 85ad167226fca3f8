import { connect, type ConnectedCluster } from '../cluster/connect.ts';
import type { Target } from '../config/load.ts';

/** A cluster that is opened for one use, and closed behind it. Rejects as `connect` does. */
export async function withPort<T>({ access }: Pick<Target, 'access'>, use: (port: ConnectedCluster) => Promise<T>): Promise<T> {
  const port = await connect(access, process.env);
  try {
    return await use(port);
  } finally {
    await port.close();
  }
}
