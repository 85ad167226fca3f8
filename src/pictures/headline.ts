import { MARGIN, WIDTH } from './drawing.ts';
import { ink } from './palette.ts';
import { text } from './shapes.ts';
import { clean, type Face, wrap } from './text.ts';

const TITLE: Face = { size: 16, bold: true };
const SENTENCE: Face = { size: 13 };

/** What the picture is about and what it says, at most two lines each, at its top. */
export function headline(title: string, sentence: string): { parts: string[]; height: number } {
  const room = WIDTH - 2 * MARGIN;
  const titles = wrap(clean(title), room, 2, TITLE);
  const sentences = wrap(clean(sentence), room, 2, SENTENCE);
  const below = 8 + titles.length * 20;
  const parts = [
    ...titles.map((words, row) => text(MARGIN, 24 + row * 20, words, { ...TITLE, fill: ink.text })),
    ...sentences.map((words, row) => text(MARGIN, below + 15 + row * 17, words, { ...SENTENCE, fill: ink.text })),
  ];
  return { parts, height: below + sentences.length * 17 + 9 };
}
