/**
 * The colours of the pictures. A picture is an opaque light card in Slack's light and dark mode alike. Each colour of `ink` is readable on `card`
 * and `paint` under white text (4.5:1, WCAG 2 AA); colour never says anything alone: a mark or a word stands beside it.
 */
export const card = '#ffffff';
export const rim = '#cbd5e1';

export const ink = { text: '#0f172a', soft: '#475569', good: '#15803d', bad: '#b91c1c', warn: '#a14907', blue: '#1d4ed8' } as const;

/** Grounds under `card`-coloured text. */
export const paint = { good: ink.good, bad: ink.bad, warn: ink.warn, soft: ink.soft } as const;

/** Lines and shapes that must be told from the card (3:1). `faint`: what only guides the eye, and is not needed to understand. */
export const shape = { line: '#475569', unseen: '#64748b', faint: '#e2e8f0' } as const;

/** A ground for the band of a plot, under `ink.bad` and `ink.soft`. */
export const band = '#fef2f2';
