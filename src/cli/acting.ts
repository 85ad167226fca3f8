import { asStep } from './change-output.ts';
import type { Carrying } from './local/carry.ts';
import { liveView } from './live-view.ts';
import { stops } from './stops.ts';

/** How an act is shown while it goes on, and how somebody ends it. `once`: what the first Ctrl-C does. */
export interface Acting {
  hooks: Pick<Carrying, 'onStep' | 'stopping' | 'signal'>;
  release: () => void;
}

/** Shows an act, and hears of Ctrl-C, until it is released. */
export function acting(json: boolean, say: (text: string) => void, once: string): Acting {
  const view = liveView(process.stderr, json);
  const { stopping, signal, release } = stops((text) => {
    view.done();
    say(text);
  }, once);
  return {
    hooks: { stopping, signal, onStep: (step) => view.onStep(asStep(step)) },
    release: () => {
      view.done();
      release();
    },
  };
}
