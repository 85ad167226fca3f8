import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { refused } from '../stand-ins.ts';
import type { OrderScene } from './scene.ts';

/** Where Slack takes the bytes of files, for the tests of a file: what came, and the status that is answered. */
export interface FileDoor {
  received: Buffer[];
  status: number;
  /** Gives the scene Slack's methods for files, which note what they were asked. `refuse`: Slack's word, by method (`get`, `complete`). */
  into(scene: Pick<OrderScene, 'counter' | 'calls'>, refuse?: Partial<Record<string, string>>): void;
}

export function fileDoor(): FileDoor {
  let address = '';
  let ids = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      door.received.push(Buffer.concat(parts));
      response.writeHead(door.status).end();
    });
  });
  const door: FileDoor = {
    received: [],
    status: 200,
    into: ({ counter, calls }, refuse = {}) => {
      const call =
        (method: string, answer: () => object) =>
        async (args: any): Promise<any> => {
          calls.push({ method, args });
          if (refuse[method] !== undefined) throw refused(refuse[method]);
          return { ok: true, ...answer() };
        };
      Object.assign(counter.telling, {
        files: {
          getUploadURLExternal: call('get', () => ({ upload_url: address, file_id: `F${(ids += 1)}` })),
          completeUploadExternal: call('complete', () => ({})),
        },
      });
    },
  };
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
  beforeEach(() => {
    Object.assign(door, { received: [], status: 200 });
    ids = 0;
  });
  return door;
}
