/** One thing that was measured. `met` null: there is no target. */
export interface Figure {
  what: string;
  measured: string;
  target: string | null;
  met: boolean | null;
}

/** Why a part cannot be measured here. */
export interface Obstacle {
  obstacle: string;
}

/** A part of the bench. */
export interface Part {
  name: string;
  about: string;
  /** Measured on the bot, without a cluster. */
  ofBot: boolean;
  /** It changes the cluster: measured only when it is named. */
  onlyNamed?: true;
  /** Rejects when something could not be measured that can be measured here. A target that is missed is no reason to. */
  measure(): Promise<Figure[] | Obstacle>;
}

/** A number without a target. */
export const plainly = (what: string, measured: string): Figure => ({ what, measured, target: null, met: null });

/** A number that should be at most so large. */
export const atMost = (what: string, value: number, most: number, unit: string, digits = 1): Figure => ({
  what,
  measured: `${value.toFixed(digits)} ${unit}`,
  target: `${most} ${unit}`,
  met: value <= most,
});
