import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';

/**
 * A program that looks names up at an even pace, whatever became of those before: `node lookup-load.ts ADDRESS PER_SECOND NAME...`. Each lookup has
 * a socket of its own, as with most resolvers; every tenth goes over one that stays open, as with some (Envoy, dnsmasq). No retries; 2 s for an
 * answer. It begins at once, says `ready`, ends when its input does, and prints all lookups as JSON.
 */
const waitMs = 2_000;
const [address = '', perSecond = '50', ...names] = process.argv.slice(2);

/** One lookup. `at`: milliseconds since 1970; `ms` null: lost; `rcode`: 0 to 15. */
export interface Shot {
  at: number;
  ms: number | null;
  rcode: number | null;
  held: boolean;
}

function query(id: number, name: string): Buffer {
  const labels = name.split('.').filter(Boolean);
  const question = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const header = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...question, Buffer.from([0, 0, 1, 0, 1])]);
}

const shots: Shot[] = [];
const open = new Map<number, (rcode: number) => void>();

function listening(socket: Socket): Socket {
  socket.on('message', (answer) => {
    if (answer.length >= 12) open.get(answer.readUInt16BE(0))?.((answer[3] ?? 0) & 15);
  });
  // an ICMP error: no answer comes, and the lookup is lost after its time
  socket.on('error', () => undefined);
  return socket;
}

const held = listening(createSocket('udp4'));

function ask(name: string, isHeld: boolean): void {
  let id = randomInt(65_536);
  while (open.has(id)) id = (id + 1) % 65_536;
  const shot: Shot = { at: Date.now(), ms: null, rcode: null, held: isHeld };
  shots.push(shot);
  const socket = isHeld ? held : listening(createSocket('udp4'));
  const began = performance.now();
  const end = (rcode: number | null): void => {
    clearTimeout(late);
    open.delete(id);
    if (!isHeld) socket.close();
    if (rcode === null) return;
    shot.ms = Math.round(10 * (performance.now() - began)) / 10;
    shot.rcode = rcode;
  };
  const late = setTimeout(() => end(null), waitMs);
  open.set(id, end);
  socket.send(query(id, name), 53, address, () => undefined);
}

const began = performance.now();
let count = 0;
const pace = setInterval(() => {
  // what a slow moment left out is made up for: the pace is that of the clock
  while (count < ((performance.now() - began) * Number(perSecond)) / 1_000) {
    ask(names[count % names.length] ?? '', count % 10 === 9);
    count += 1;
  }
}, 5);

process.stdin.resume().on('end', () => {
  clearInterval(pace);
  setTimeout(() => {
    held.close();
    process.stdout.write(`${JSON.stringify(shots)}\n`);
  }, waitMs + 100);
});
process.stdout.write('ready\n');
