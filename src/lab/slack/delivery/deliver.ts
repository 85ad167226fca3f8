import { randomUUID } from 'node:crypto';
import type { Lab } from '../lab.ts';
import { remember, type Attempt, type Delivery, type DeliveryKind, type Json } from '../world/world.ts';
import { sendHttp, type Retry } from './http.ts';

const MOST = 5_000;

/** What became of a delivery, as far as it is known when it was acknowledged or its time was over. */
export interface Told {
  /** To deliver the same again. */
  delivery: string;
  acked: boolean;
  ackMs: number | null;
  attempts: number;
  response: unknown;
  failed: string | null;
}

/** Tells the app something. What may be retried is, at Slack's times; those after the first run on behind the answer. */
export async function deliver(lab: Lab, kind: DeliveryKind, what: string, payload: Json): Promise<Told> {
  const accepts = kind !== 'events_api';
  const delivery: Delivery = { id: randomUUID(), kind, what, at: Date.now(), accepts, payload, attempts: [] };
  remember(lab.world.deliveries, delivery, MOST);
  await tries(lab, delivery, kind === 'events_api' ? [...lab.timing.retries] : [], null);
  return told(delivery);
}

/** Delivers what was delivered before once more, as it was. */
export async function redeliver(lab: Lab, id: string): Promise<Told> {
  const delivery = lab.world.deliveries.find((each) => each.id === id);
  if (delivery === undefined) throw new Error(`no delivery ${id}`);
  delivery.attempts.push(await once(lab, delivery, delivery.id, null));
  return told(delivery);
}

async function tries(lab: Lab, delivery: Delivery, delays: number[], retry: Retry | null): Promise<void> {
  const attempt = await once(lab, delivery, retry === null ? delivery.id : randomUUID(), retry);
  delivery.attempts.push(attempt);
  const delay = delays.shift();
  if (attempt.failed === null || attempt.noRetry || delay === undefined) return;
  const again = (): Promise<void> =>
    tries(lab, delivery, delays, { num: (retry?.num ?? 0) + 1, reason: attempt.failed ?? 'unknown_error' });
  if (delay === 0) return again();
  lab.later(delay, () => void again());
}

async function once(lab: Lab, delivery: Delivery, envelope: string, retry: Retry | null): Promise<Attempt & { noRetry?: boolean }> {
  const copies = lab.troubles.copies();
  if (lab.deliverTo !== null) {
    const target = { url: lab.deliverTo, secret: lab.world.app.signingSecret, ack: lab.timing.ack };
    return sendHttp(target, delivery, retry, copies);
  }
  const frame = { envelope_id: envelope, type: delivery.kind, payload: delivery.payload, accepts_response_payload: delivery.accepts };
  return lab.sockets.send(retry === null ? frame : { ...frame, retry_attempt: retry.num, retry_reason: retry.reason }, copies);
}

function told({ id, attempts }: Delivery): Told {
  const last = attempts.find(({ failed }) => failed === null) ?? attempts.at(-1);
  return {
    delivery: id,
    acked: last?.failed === null,
    ackMs: last?.ackMs ?? null,
    attempts: attempts.length,
    response: last?.response ?? null,
    failed: last?.failed ?? null,
  };
}
