import { readFileSync } from 'node:fs';

/** The advance widths of a TrueType font, in thousandths of an em: tables cmap (format 4), hhea and hmtx of the OpenType specification. */
export function advanceWidths(file: string): (character: string) => number | null {
  const bytes = readFileSync(file);
  const tables = new Map<string, number>();
  for (let index = 0; index < bytes.readUInt16BE(4); index++) {
    const record = 12 + index * 16;
    tables.set(bytes.toString('latin1', record, record + 4), bytes.readUInt32BE(record + 8));
  }
  const table = (tag: string): number => {
    const at = tables.get(tag);
    if (at === undefined) throw new Error(`${file} has no table ${tag}`);
    return at;
  };
  const unitsPerEm = bytes.readUInt16BE(table('head') + 18);
  const metrics = bytes.readUInt16BE(table('hhea') + 34);
  const glyphOf = glyphs(bytes, table('cmap'));
  return (character) => {
    const glyph = glyphOf(character.codePointAt(0) ?? 0);
    if (glyph === 0) return null;
    return Math.round((bytes.readUInt16BE(table('hmtx') + 4 * Math.min(glyph, metrics - 1)) * 1000) / unitsPerEm);
  };
}

function glyphs(bytes: Buffer, cmap: number): (code: number) => number {
  const formats = Array.from({ length: bytes.readUInt16BE(cmap + 2) }, (_, index) => cmap + bytes.readUInt32BE(cmap + 8 + index * 8));
  const at = formats.find((offset) => bytes.readUInt16BE(offset) === 4);
  if (at === undefined) throw new Error('no cmap of format 4');
  const doubled = bytes.readUInt16BE(at + 6);
  return (code) => {
    for (let segment = 0; segment < doubled; segment += 2) {
      if (code > bytes.readUInt16BE(at + 14 + segment)) continue;
      const start = bytes.readUInt16BE(at + 16 + doubled + segment);
      if (code < start) return 0;
      const delta = bytes.readUInt16BE(at + 16 + 2 * doubled + segment);
      const rangeAt = at + 16 + 3 * doubled + segment;
      const range = bytes.readUInt16BE(rangeAt);
      if (range === 0) return (code + delta) & 0xffff;
      const glyph = bytes.readUInt16BE(rangeAt + range + 2 * (code - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
