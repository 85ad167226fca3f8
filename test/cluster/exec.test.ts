import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { Failure } from '../../src/base/failure.ts';
import type { CallOptions, ExecOptions, ExecResult } from '../../src/cluster/port.ts';
import { hasOpenssl } from './certificates.ts';
import { type ExecAnswer, type FakeApiServer, startFakeApiServer } from './fake-api-server.ts';

const withTls = hasOpenssl ? describe : describe.skip;
const frame = (channel: number, text: string | Buffer) => Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
const success = frame(3, '{"metadata":{},"status":"Success"}');
const exited = (code: string) =>
  frame(3, JSON.stringify({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: code }] } }));

/** Opens the websocket, sends the frames and closes it. */
const sending =
  (...frames: (Buffer | string)[]): ExecAnswer =>
  async (_command, open) => {
    const socket = await open();
    for (const one of frames) socket.send(one);
    socket.close(1000);
  };

withTls('exec (needs openssl)', () => {
  let fake: FakeApiServer;
  const run = (options: CallOptions & Pick<ExecOptions, 'onStdout'> = {}): Promise<ExecResult> =>
    fake.cluster.exec({ namespace: 'shop', pod: 'cart', container: 'main', command: ['sh', '-c', 'a b & c'], ...options });
  beforeEach(async () => {
    fake = await startFakeApiServer();
  });
  afterEach(() => fake.stop());

  test('gives output, errors and exit status', async () => {
    fake.exec = sending(frame(1, 'out1\n'), frame(2, 'err\n'), frame(1, 'out2\n'), exited('42'));
    expect(await run()).toEqual({ text: 'out1\nout2\n', stderr: 'err\n', exitCode: 42, truncated: false });
    const [{ query, headers, path } = fake.asked[0]!] = fake.asked;
    expect(path).toBe('/api/v1/namespaces/shop/pods/cart/exec');
    expect([query.getAll('command'), query.get('container'), query.has('stdin')]).toEqual([['sh', '-c', 'a b & c'], 'main', false]);
    expect(headers).toMatchObject({ authorization: 'Bearer sesame', 'sec-websocket-protocol': 'v5.channel.k8s.io,v4.channel.k8s.io' });
  });

  test('does not take a broken multi-byte character apart over two frames', async () => {
    const euro = Buffer.from('€');
    fake.exec = sending(frame(1, euro.subarray(0, 1)), frame(1, euro.subarray(1)), success);
    expect((await run()).text).toBe('€');
  });

  test.each([
    ['an unknown channel', frame(7, 'x')],
    ['a close of a channel (v5)', Buffer.from([255, 1])],
    ['an empty frame', Buffer.alloc(0)],
    ['a channel alone', Buffer.from([1])],
    ['a text frame', 'hello'],
    ['stdin', frame(0, 'x')],
  ])('leaves out %s', async (_what, hostile) => {
    fake.exec = sending(hostile, frame(1, 'fine'), success);
    expect(await run()).toMatchObject({ text: 'fine', exitCode: 0 });
  });

  test.each([
    ['no JSON', 'nonsense'],
    ['null', 'null'],
    ['an exit status that is no number', '{"details":{"causes":[{"reason":"ExitCode","message":"x"},null]}}'],
    ['causes that are no list', '{"status":"Failure","details":{"causes":7}}'],
  ])('makes a Failure of a status that is %s', async (_what, status) => {
    fake.exec = sending(frame(3, status));
    await expect(run()).rejects.toMatchObject({ name: 'Failure', reason: 'error' });
  });

  test('says with exit status 127 that a program is not in the image', async () => {
    const message = 'error executing command in container: exec: "sh": executable file not found in $PATH: unknown';
    fake.exec = sending(frame(3, JSON.stringify({ status: 'Failure', code: 500, message })));
    expect(await run()).toEqual({ text: '', stderr: 'sh: not found in the container', exitCode: 127, truncated: false });
  });

  test('cuts output beyond the cap, flags it and hangs up', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    fake.exec = async (_command, open) => {
      const socket = await open();
      closed = new Promise((resolve) => socket.on('close', resolve));
      for (let line = 0; line < 100; line += 1) socket.send(frame(line % 2 ? 1 : 2, `${'x'.repeat(99)}\n`));
    };
    const result = await run({ maxBytes: 1_050 });
    await closed;
    expect(result).toMatchObject({ truncated: true, exitCode: null });
    expect(result.text.length + result.stderr.length).toBe(1_000);
  });

  test('hands stdout on as it comes, as it is, and keeps none of it', async () => {
    const secret = Buffer.from('authorization: Bearer abcdefghijklmnopqrstuvwxyz012345');
    fake.exec = sending(frame(1, Buffer.from([0, 255, 10])), frame(2, 'err\n'), frame(1, ''), frame(1, secret), success);
    const chunks: Buffer[] = [];
    const result = await run({ onStdout: (chunk) => void chunks.push(Buffer.from(chunk)) });
    expect(result).toEqual({ text: '', stderr: 'err\n', exitCode: 0, truncated: false });
    expect(chunks).toEqual([Buffer.from([0, 255, 10]), secret]);
  });

  test('hands on no more than may come, and says that there was more', async () => {
    fake.exec = async (_command, open) => {
      const socket = await open();
      for (let count = 0; count < 100; count += 1) socket.send(frame(1, Buffer.alloc(100)));
    };
    let came = 0;
    const result = await run({ maxBytes: 1_050, onStdout: (chunk) => void (came += chunk.length) });
    expect(result).toMatchObject({ truncated: true, exitCode: null });
    expect(came).toBe(1_050);
  });

  test('ends with a Failure, and hangs up, when whoever takes stdout throws', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    fake.exec = async (_command, open) => {
      const socket = await open();
      closed = new Promise((resolve) => socket.on('close', resolve));
      socket.send(frame(1, 'x'));
      socket.send(frame(1, 'y'));
    };
    const taking = (error: Error) => run({ onStdout: () => { throw error; } }); // prettier-ignore
    await expect(taking(new Error('disk full'))).rejects.toMatchObject({
      name: 'Failure',
      reason: 'error',
      message: 'what a command gave could not be taken: disk full',
    });
    await closed;
    const own = new Failure('error', 'no space left');
    await expect(taking(own)).rejects.toBe(own);
  });

  test('ends with a Failure when a frame is absurdly large', async () => {
    fake.exec = sending(frame(1, Buffer.alloc(5 * 1024 * 1024)), success);
    await expect(run()).rejects.toMatchObject({ reason: 'error' });
  });

  test('does not take a dropped connection for an end of the command', async () => {
    fake.exec = async (_command, open, socket) => {
      (await open()).send(frame(1, 'partial'), () => socket.destroy());
    };
    await expect(run()).rejects.toMatchObject({ reason: 'error', message: expect.stringContaining('before the command did (code 1006)') });
  });

  test('says what to allow when it is refused', async () => {
    const message = 'pods "cart" is forbidden: User "bob" cannot get resource "pods/exec" in API group "" in the namespace "shop"';
    fake.exec = (_command, _open, socket) => refuse(socket, '403 Forbidden', JSON.stringify({ kind: 'Status', message }));
    await expect(run()).rejects.toMatchObject({
      reason: 'forbidden',
      message: 'user "bob" may not get pods/exec of the core API group in namespace shop',
      allow: '- {apiGroups: [""], resources: [pods/exec], verbs: [get, create]}',
    });
  });

  test('says that a pod is missing', async () => {
    fake.exec = (_command, _open, socket) => refuse(socket, '404 Not Found', '{"message":"pods \\"cart\\" not found"}');
    await expect(run()).rejects.toMatchObject({ reason: 'missing', message: 'pods "cart" not found' });
  });

  test.each([
    ['a handshake that is never answered', () => undefined],
    [
      'a refusal whose body never ends',
      (_command, _open, socket) => void socket.write('HTTP/1.1 403 Forbidden\r\ncontent-length: 99\r\n\r\nx'),
    ],
    ['a command that goes on', async (_command, open) => (await open()).send(frame(1, 'tick'))],
  ] as [string, ExecAnswer][])('ends at the deadline: %s', async (_what, exec) => {
    fake.exec = exec;
    await expect(run({ timeoutMs: 200 })).rejects.toMatchObject({
      reason: 'timeout',
      message: 'no answer within 200 ms: exec of sh in shop/cart',
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(fake.openSockets()).toBe(0);
  });

  test('kills the socket when the caller stops', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const controller = new AbortController();
    fake.exec = async (_command, open) => {
      const socket: WebSocket = await open();
      closed = new Promise((resolve) => socket.on('close', resolve));
      controller.abort();
    };
    await expect(run({ signal: controller.signal })).rejects.toMatchObject({ reason: 'timeout' });
    await closed;
  });

  test('survives frames after the end and bytes that are no websocket', async () => {
    fake.exec = async (_command, open, socket) => {
      const websocket = await open();
      websocket.send(success);
      for (let index = 0; index < 50; index += 1) websocket.send(frame(index, 'late'));
      socket.write(Buffer.alloc(100, 0xff));
    };
    expect(await run()).toMatchObject({ exitCode: 0 });
    fake.exec = async (_command, open, socket) => {
      await open();
      socket.write(Buffer.alloc(100, 0xff));
    };
    await expect(run()).rejects.toMatchObject({ reason: 'error' });
    fake.exec = (_command, _open, socket) => void socket.end('not HTTP at all\r\n\r\n');
    await expect(run()).rejects.toMatchObject({ reason: 'error' });
  });
});

function refuse(socket: NodeJS.WritableStream, statusLine: string, body: string): void {
  socket.end(
    `HTTP/1.1 ${statusLine}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
