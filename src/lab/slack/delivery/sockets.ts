import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { Refusal } from '../world/refusal.ts';
import type { Timing } from '../world/settings.ts';
import type { Attempt, Json } from '../world/world.ts';
import { createAcknowledgements } from './acknowledgements.ts';

/** What goes over a socket. */
export interface Frame {
  envelope_id: string;
  type: string;
  payload: Json;
  accepts_response_payload: boolean;
  retry_attempt?: number;
  retry_reason?: string;
}

/** The app's connections in Socket Mode. */
export interface Sockets {
  /** The address of a new connection, for one use. */
  open(): string;
  /** Whether this ticket was given, and not used yet. */
  admit(ticket: string): boolean;
  add(socket: WebSocket): void;
  count(): number;
  /** Sends to any one connection, and waits for the acknowledgement or the end of its time. */
  send(frame: Frame, copies: number): Promise<Attempt>;
  /** Slack's own refresh: a warning first, then the order to come again. */
  refresh(): void;
  /** The connections end without a word. */
  drop(): void;
  close(): void;
}

interface Needs {
  appId: string;
  timing: Timing;
  address: () => string;
  random: () => number;
  remark: (words: string) => void;
  later: (ms: number, work: () => void) => void;
}

const MOST = 10;
const TICKET_MS = 30_000;
/** A connection that is to come again stays open for so long, for what is under way on it. */
const RETIRING_MS = 1_000;

export function createSockets(needs: Needs): Sockets {
  const links = new Set<WebSocket>();
  const retiring = new WeakSet<WebSocket>();
  const acks = createAcknowledgements({ ack: needs.timing.ack, remark: needs.remark, later: needs.later });
  const pings = setInterval(() => links.forEach((link) => link.ping()), needs.timing.ping).unref();

  /** Any one of the connections that take something new. */
  function anyLink(): WebSocket | undefined {
    const free = [...links].filter((link) => link.readyState === link.OPEN && !retiring.has(link));
    return free[Math.floor(needs.random() * free.length)];
  }

  function retire(link: WebSocket): void {
    if (link.readyState !== link.OPEN) return;
    retiring.add(link);
    tell(link, 'refresh_requested');
    needs.later(RETIRING_MS, () => link.close(1000));
  }

  return {
    ...createTickets(needs, () => links.size),
    add(socket) {
      links.add(socket);
      socket.on('message', (data: Buffer) => acks.heard(data.toString('utf8')));
      socket.on('error', () => socket.terminate());
      socket.on('close', () => links.delete(socket));
      socket.send(JSON.stringify(hello(needs.appId, links.size)));
    },
    count: () => links.size,
    async send(frame, copies) {
      const link = anyLink();
      if (link === undefined) return { at: Date.now(), via: 'socket', ackMs: null, response: null, failed: 'no_connection' };
      const ack = acks.expect(frame.envelope_id, frame.accepts_response_payload);
      const words = JSON.stringify(frame);
      link.send(words);
      for (let copy = 0; copy < copies; copy += 1) needs.later(needs.random() * 50, () => anyLink()?.send(words));
      return ack;
    },
    refresh() {
      for (const link of links) {
        tell(link, 'warning');
        needs.later(needs.timing.refreshWarning, () => retire(link));
      }
    },
    drop: () => links.forEach((link) => link.terminate()),
    close() {
      clearInterval(pings);
      links.forEach((link) => link.terminate());
    },
  };
}

function createTickets(needs: Needs, open: () => number): Pick<Sockets, 'open' | 'admit'> {
  const tickets = new Map<string, number>();
  return {
    open() {
      if (open() >= MOST) throw new Refusal('too_many_websockets');
      const ticket = randomUUID();
      tickets.set(ticket, Date.now());
      return `${needs.address().replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${needs.appId}`;
    },
    admit(ticket) {
      const given = tickets.get(ticket);
      tickets.delete(ticket);
      return given !== undefined && Date.now() - given < TICKET_MS && open() < MOST;
    },
  };
}

const hello = (appId: string, connections: number): Json => ({
  type: 'hello',
  num_connections: connections,
  connection_info: { app_id: appId },
  debug_info: { host: 'lab', build_number: 1, approximate_connection_time: 18_060 },
});

function tell(link: WebSocket, reason: string): void {
  link.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'lab' } }));
}
