import { Failure } from '../../base/failure.ts';
import type { Acted } from '../../lab/slack/people/people.ts';
import { button, form, heads, home, logs, type Props, soon, thread, threads } from './looks.ts';
import { channelNamed, channelOf, nameOf, type Persona, personNamed } from './persona.ts';
import { PROMPT_HELP, type Typed } from './typed.ts';

/** Somebody in front of the look-alike, who does what is typed. */
export interface Actor {
  /** Does it; false when that was to quit. Never rejects: what cannot be done is said. */
  act(typed: Typed): Promise<boolean>;
  /** `ana in #incidents` */
  whereabouts(): string;
}

/** What Slack itself says to the person, where it does not say it in the channel. */
const slackSays = ({ shown, failed }: Acted): string[] => (shown !== null && failed === 'not_delivered' ? [`Slack says: ${shown}`] : []);

async function command(props: Props, persona: Persona, { command: name, text }: Extract<Typed, { kind: 'command' }>): Promise<string[]> {
  const { slack, terminal } = props;
  const words = `${name} ${text}`.trim();
  terminal.say([
    '',
    { quiet: true, text: `@${nameOf(slack, persona.user)} types in #${channelOf(slack, persona.channel)}:` },
    `> ${words}`,
  ]);
  const said = slackSays(await slack.command(persona.user, persona.channel, name, text));
  return text === '' && said.length === 0 ? form(slack, persona) : said;
}

async function mention({ slack }: Props, { user, channel }: Persona, text: string): Promise<string[]> {
  const head = await soon(slack, () => heads(slack, channel).at(-1) ?? null);
  return slackSays(await slack.mention(user, channel, text, head?.ts ?? null));
}

async function press({ slack }: Props, persona: Persona, label: string): Promise<string[]> {
  const found = await soon(slack, () => button(slack, persona, label));
  if (found === null) throw new Failure('missing', `there is no button ${label} in #${channelOf(slack, persona.channel)}`);
  const { shown } = await slack.click(persona.user, persona.channel, found.ts, found.action);
  return shown === null ? [] : [`Slack says: ${shown}`];
}

/** Lets Ana act in #incidents, until another is named. */
export function createActor(props: Props): Actor {
  const { slack, terminal } = props;
  const persona: Persona = { user: personNamed(slack, 'ana'), channel: channelNamed(slack, 'incidents') };
  const now = (): string => `you are @${nameOf(slack, persona.user)} in #${channelOf(slack, persona.channel)} now`;

  async function done(typed: Typed, by: Persona): Promise<string[]> {
    switch (typed.kind) {
      case 'command':
        return command(props, by, typed);
      case 'mention':
        return mention(props, by, typed.text);
      case 'say':
        return slackSays(await slack.say(by.user, by.channel, typed.text));
      case 'press':
        return press(props, by, typed.label);
      case 'home':
        return home(props, by);
      case 'threads':
        return threads(props, by);
      case 'thread':
        return thread(props, by, typed.number);
      case 'logs':
        return logs(props);
      case 'help':
        return PROMPT_HELP.map((line) => `  ${line}`);
      default:
        return move(typed, by);
    }
  }

  async function move(typed: Typed, by: Persona): Promise<string[]> {
    if (typed.kind === 'in') Object.assign(persona, { channel: channelNamed(slack, typed.channel) });
    else if (typed.kind !== 'as') return [];
    else if (typed.what.kind !== 'nothing') return done(typed.what, { ...by, user: personNamed(slack, typed.who) });
    else Object.assign(persona, { user: personNamed(slack, typed.who) });
    return [now()];
  }

  return {
    whereabouts: () => `${nameOf(slack, persona.user)} in #${channelOf(slack, persona.channel)}`,
    async act(typed) {
      if (typed.kind === 'quit') return false;
      try {
        terminal.say(await done(typed, { ...persona }));
      } catch (error) {
        terminal.say([error instanceof Failure ? error.message : `that did not work: ${String(error)}`]);
      }
      return true;
    },
  };
}
