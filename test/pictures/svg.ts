import type { Drawing } from '../../src/pictures/drawing.ts';
import { widthOf } from '../../src/pictures/text.ts';

export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  text: string;
}

/** What the pictures are made of. Nothing here can load, run or link to anything. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  svg: ['xmlns', 'width', 'height', 'viewBox', 'font-family', 'font-kerning'],
  rect: ['x', 'y', 'width', 'height', 'rx', 'fill', 'stroke', 'stroke-width', 'stroke-dasharray'],
  text: ['x', 'y', 'font-size', 'font-weight', 'text-anchor', 'fill'],
  line: ['x1', 'y1', 'x2', 'y2', 'stroke', 'stroke-width', 'stroke-dasharray'],
  path: ['d', 'transform', 'fill', 'stroke', 'stroke-width', 'stroke-linecap', 'stroke-linejoin'],
  circle: ['cx', 'cy', 'r', 'fill', 'fill-opacity', 'stroke', 'stroke-width'],
};

/** XML 1.0's Char, without what this house takes out: C1 controls, and what turns or hides text. */
const TEXT = /^(?:[\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2027\u2190-\u22ff])*$/;

function decoded(text: string): string {
  if (/[<>"']/.test(text) || /&(?!#\d{1,7};)/.test(text)) throw new Error(`not escaped: ${text}`);
  const plain = text.replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
  if (!TEXT.test(plain)) throw new Error(`not printable: ${JSON.stringify(plain)}`);
  return plain;
}

function attributesOf(name: string, source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  const rest = source.replaceAll(/ ([a-zA-Z0-9-]+)="([^"]*)"/g, (_all, key: string, value: string) => {
    if (!(ALLOWED[name] ?? []).includes(key) || key in attributes) throw new Error(`<${name}> may not have ${key}`);
    if (/(?:url|javascript|data):|url\(/i.test(value)) throw new Error(`a reference: ${value}`);
    attributes[key] = decoded(value);
    return '';
  });
  if (rest !== '') throw new Error(`not attributes: ${rest}`);
  return attributes;
}

/** The elements of an SVG of ours, in order. Throws for whatever is not well-formed, or is not on the list above. */
export function elementsOf(svg: string): Element[] {
  const elements: Element[] = [];
  const rest = svg.replaceAll(
    /<([a-z]+)((?: [a-zA-Z0-9-]+="[^"<>]*")*)(?:\/>|>([^<]*)(?:<\/(text)>)?)|<\/svg>/g,
    (all, name, source, text = '', end) => {
      if (all === '</svg>') return '';
      if (!(name in ALLOWED)) throw new Error(`no such element: ${name}`);
      if ((name === 'text') !== (end === 'text')) throw new Error(`<${name}> is not closed`);
      elements.push({ name, attributes: attributesOf(name, source as string), text: name === 'text' ? decoded(text as string) : '' });
      return name === 'text' ? '' : (text as string);
    },
  );
  if (rest.trim() !== '' || !svg.endsWith('</svg>')) throw new Error(`between elements: ${rest.trim().slice(0, 100)}`);
  return elements;
}

export interface Box {
  what: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const number = (element: Element, key: string): number => Number(element.attributes[key]);

/** Where a text stands: from the top of its capitals to the foot of its `g`. */
function textBox(element: Element): Box {
  const [x, y, size] = [number(element, 'x'), number(element, 'y'), number(element, 'font-size')];
  const width = widthOf(element.text, { size, bold: element.attributes['font-weight'] === '700' });
  const share = { middle: 0.5, end: 1 }[element.attributes['text-anchor'] ?? ''] ?? 0;
  return { what: element.text, left: x - width * share, right: x + width * (1 - share), top: y - size * 0.72, bottom: y + size * 0.22 };
}

/** The boxes of all texts. */
export const textBoxes = ({ svg }: Drawing): Box[] =>
  elementsOf(svg)
    .filter(({ name }) => name === 'text')
    .map(textBox);

/** The discs that mark where a way stopped, with their rims. */
export const discBoxes = ({ svg }: Drawing): Box[] =>
  elementsOf(svg)
    .filter(({ name, attributes }) => name === 'circle' && attributes['stroke'] !== undefined)
    .map((element) => {
      const [x, y, r] = [number(element, 'cx'), number(element, 'cy'), number(element, 'r') + number(element, 'stroke-width') / 2];
      return { what: 'disc', left: x - r, right: x + r, top: y - r, bottom: y + r };
    });

const EPSILON = 0.02;

/** Pairs of boxes that lie on one another, by what they hold. */
export function overlaps(boxes: readonly Box[]): string[] {
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.left < b.right - EPSILON && b.left < a.right - EPSILON && a.top < b.bottom - EPSILON && b.top < a.bottom - EPSILON)
      .map((b) => `${a.what} | ${b.what}`),
  );
}

/** Boxes that stand out of the card. */
export const outside = (boxes: readonly Box[], { width, height }: Drawing): Box[] =>
  boxes.filter(({ left, right, top, bottom }) => left < 12 || right > width - 12 || top < 6 || bottom > height - 6);
