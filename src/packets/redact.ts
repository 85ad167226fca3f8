import type { CapturePointReport, CaptureReport, Counted, Way, WayEnd } from '../domain/capture.ts';

/** What may be shown of a report all the same. */
export interface Shown {
  /** Names that only this tool asks for: nobody's secret. */
  marker: RegExp;
  /** Zones of the cluster, whose names keep that much of their end. */
  zones: readonly string[];
}

/** Pseudonyms, the same for the same text throughout a report. */
class Pseudonyms {
  readonly #given = new Map<string, string>();
  readonly #make: (text: string, number: number) => string;

  constructor(make: (text: string, number: number) => string) {
    this.#make = make;
  }

  for(text: string): string {
    const known = this.#given.get(text);
    if (known !== undefined) return known;
    const made = this.#make(text, this.#given.size + 1);
    this.#given.set(text, made);
    return made;
  }
}

/** `n3.*.svc.cluster.local (6 labels)`: what a search list or a zone explains stays visible, whose name it is does not. */
function nameLike(name: string, number: number, zones: readonly string[]): string {
  const suffix = zones.flatMap((zone) => [`svc.${zone}`, zone]).find((end) => name.endsWith(`.${end}`));
  const labels = name.split('.').length;
  return `n${number}.*${suffix === undefined ? '' : `.${suffix}`} (${labels} ${labels === 1 ? 'label' : 'labels'})`;
}

class Redaction {
  readonly #shown: Shown;
  readonly #addresses: ReadonlySet<string>;
  readonly #names: Pseudonyms;
  readonly #clients = new Pseudonyms((_, number) => `client-${number}`);

  constructor(report: CaptureReport, shown: Shown) {
    this.#shown = shown;
    this.#names = new Pseudonyms((name, number) => nameLike(name, number, shown.zones));
    this.#addresses = new Set([
      '',
      ...report.points.filter(({ known, role }) => known === 'told' || role === 'server').flatMap(({ addresses }) => addresses),
      ...report.points.flatMap(({ servers, peaks }) => [...servers.map(({ value }) => value), ...peaks.map(({ server }) => server)]),
      ...report.ways.map(({ server }) => server.address),
    ]);
  }

  #name(name: string): string {
    const same = name === '.' || this.#shown.zones.some((zone) => name === zone || name === `kubernetes.default.svc.${zone}`);
    return same || new RegExp(this.#shown.marker.source).test(name) ? name : this.#names.for(name);
  }

  #client(address: string): string {
    return this.#addresses.has(address) ? address : this.#clients.for(address);
  }

  #end(end: WayEnd): WayEnd {
    const address = this.#client(end.address);
    return { ...end, address, label: end.label === end.address ? address : end.label };
  }

  way(way: Way): Way {
    const proof = way.proof.map((packet) => ({ ...packet, name: packet.name === null ? null : this.#name(packet.name) }));
    return { ...way, client: this.#end(way.client), server: this.#end(way.server), proof };
  }

  point(point: CapturePointReport): CapturePointReport {
    const counted = (list: readonly Counted[], of: (text: string) => string): Counted[] =>
      list.map((one) => ({ ...one, value: of(one.value) }));
    return {
      ...point,
      addresses: point.addresses.map((address) => this.#client(address)),
      names: counted(point.names, (name) => this.#name(name)),
      clients: counted(point.clients, (address) => this.#client(address)),
      unreachable: point.unreachable.map((error) => (error.about === 'query' ? error : { ...error, by: this.#client(error.by) })),
    };
  }
}

/** The same report with pseudonyms in place of the names that were asked for and the clients that asked. Servers, and points that were told, stay. */
export function redactCapture(report: CaptureReport, shown: Shown): CaptureReport {
  if (report.names === 'redacted') return report;
  const redaction = new Redaction(report, shown);
  const points = report.points.map((point) => redaction.point(point));
  return { ...report, ways: report.ways.map((way) => redaction.way(way)), points, names: 'redacted' };
}
