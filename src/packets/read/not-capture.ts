/** gzip's magic: RFC 1952. */
const isGzip = (bytes: Uint8Array, from: number): boolean => bytes[from] === 0x1f && bytes[from + 1] === 0x8b;

/** What a file that is no capture is, as far as its first bytes tell. */
export function notCapture(bytes: Uint8Array, from: number, to: number): string {
  if (isGzip(bytes, from)) return 'not a capture: packed by gzip (unpack it first: gunzip)';
  const start = [...bytes.subarray(from, Math.min(from + 16, to))];
  const isText = start.every((byte) => (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9);
  const shown = isText ? JSON.stringify(String.fromCharCode(...start)) : start.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `not a capture (pcap or pcapng): starts with ${shown}`;
}
