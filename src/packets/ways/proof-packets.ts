import type { ProofPacket } from '../../domain/capture.ts';
import type { ConnectionTrace } from './connection-fate.ts';
import type { Sighting } from './sightings.ts';
import type { Trace } from './trace.ts';

function packetsOf({ point, exchange }: Sighting): ProofPacket[] {
  const { name, type, id, number, unreachable, answerNumber } = exchange;
  const packet = (what: ProofPacket['what'], at: number): ProofPacket => ({ point, number: at, what, name, type, id });
  return [
    packet('query', number),
    ...(unreachable === null ? [] : [packet('unreachable', unreachable.number)]),
    ...(answerNumber === 0 ? [] : [packet('answer', answerNumber)]),
  ];
}

/** The packets of a query, point by point: those of the client first. */
export const packetsOfTrace = ({ client, nodes, servers }: Trace): ProofPacket[] =>
  [...(client === null ? [] : [client]), ...nodes.flatMap(({ sighting }) => (sighting === null ? [] : [sighting])), ...servers].flatMap(
    packetsOf,
  );

/** The packets of a connection request, those of the client first. */
export const packetsOfConnection = ({ client, server }: ConnectionTrace): ProofPacket[] =>
  [client, server].flatMap((end) => {
    if (end === null) return [];
    const { number, acceptedNumber, refusedNumber, unreachable } = end.connection;
    const packet = (what: ProofPacket['what'], at: number | null | undefined): ProofPacket[] =>
      at === null || at === undefined ? [] : [{ point: end.point, number: at, what, name: null, type: null, id: null }];
    return [
      ...packet('syn', number),
      ...packet('syn-ack', acceptedNumber),
      ...packet('reset', refusedNumber),
      ...packet('unreachable', unreachable?.number),
    ];
  });
