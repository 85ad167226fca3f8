import type { AppHomeOpenedEvent, HomeView } from '@slack/types';
import { homeView } from '../../report/slack/views/home.ts';
import { homeOf } from '../answers/home.ts';
import type { Counter } from '../counter.ts';
import { slackError } from '../log.ts';
import { placeToMetadata } from '../metadata.ts';
import { serve } from '../serve.ts';
import { type Arrived, sinceArrival } from './acknowledge.ts';

interface HomeArrived extends Arrived {
  event: AppHomeOpenedEvent;
  body: { event_id: string };
}

/** Bolt's type of a view that is shown does not know that it has one. */
const hashOf = (view: object | undefined): string | undefined => (view !== undefined && 'hash' in view ? String(view.hash) : undefined);

/** Shows a Home tab. `hash`: of what stands there; whoever has changed it meanwhile knows better. */
async function publish({ asking }: Counter, user: string, view: HomeView, hash: string | undefined): Promise<void> {
  try {
    await asking.views.publish({ user_id: user, view, ...(hash === undefined ? {} : { hash }) });
  } catch (error) {
    if (slackError(error) !== 'hash_conflict') throw error;
  }
}

/** Hears that somebody looks at the Home tab, and fills it. Bolt has acknowledged it. */
export const onHome =
  (counter: Counter) =>
  async ({ event, body, context }: HomeArrived): Promise<void> => {
    if (event.tab !== 'home') return;
    const { user, channel } = event;
    const hash = hashOf(event.view);
    const show = (shown: HomeView): Promise<void> => publish(counter, user, shown, hash);
    const heard = {
      kind: 'home',
      key: body.event_id,
      ackMs: sinceArrival({ context }),
      tell: ({ blocks }: { blocks: HomeView['blocks'] }) => show({ type: 'home', blocks }),
    } as const;
    await serve(counter, heard, async () => {
      const person = await counter.facts.person({ user, team: null, isBot: false });
      const home = homeView(await homeOf(counter, person));
      // The form that is opened from here needs a place: the direct messages with the bot.
      await show({ ...home, private_metadata: placeToMetadata({ channel, thread: null }) });
      return { outcome: 'answered', message: null };
    });
  };
