import { describe, expect, test } from '@jest/globals';
import type { Message } from '../../src/report/slack/message.ts';
import { byEphemeral, byResponse, inTurn } from '../../src/slack/tell.ts';
import { refused } from './stand-ins.ts';

const block = (text: string): any => ({ type: 'section', text: { type: 'mrkdwn', text } });
const message: Message = { text: 'words', blocks: [block('rich')], plain: [block('plain')] };

/** A client whose answers are these errors, in turn; null: well. */
function client(...answers: (Error | null)[]): { client: any; sent: any[] } {
  const sent: any[] = [];
  const postEphemeral = async (args: any): Promise<void> => {
    sent.push(args);
    const answer = answers.shift();
    if (answer) throw answer;
  };
  return { client: { chat: { postEphemeral } }, sent };
}

describe('a person is told', () => {
  test('in their thread, and only they', async () => {
    const { client: slack, sent } = client();
    await byEphemeral(slack, { channel: 'C1', user: 'U1', thread: '1.0' })(message);
    expect(sent).toEqual([
      { channel: 'C1', user: 'U1', thread_ts: '1.0', text: 'words', blocks: [block('rich')], parse: 'none', link_names: false },
    ]);
  });

  test('by plainer blocks, and then by words, when Slack refuses the blocks', async () => {
    const { client: slack, sent } = client(refused('invalid_blocks'), refused('invalid_blocks'), null);
    await byEphemeral(slack, { channel: 'C1', user: 'U1', thread: null })(message);
    expect(sent.map(({ blocks }) => blocks)).toEqual([[block('rich')], [block('plain')], undefined]);
  });

  test('no second time when Slack refuses something else', async () => {
    const { client: slack, sent } = client(refused('user_not_in_channel'), null);
    await expect(byEphemeral(slack, { channel: 'C1', user: 'U1', thread: null })(message)).rejects.toThrow('user_not_in_channel');
    expect(sent).toHaveLength(1);
  });

  test('without taking away the message that they pressed', async () => {
    const sent: any[] = [];
    await byResponse(async (said: any): Promise<any> => void sent.push(said))({ ...message, plain: null });
    expect(sent).toMatchObject([{ response_type: 'ephemeral', replace_original: false }]);
  });

  test('by the first way that works', async () => {
    const told: string[] = [];
    const way = (name: string, works: boolean) => async (): Promise<void> => {
      told.push(name);
      if (!works) throw new Error(name);
    };
    await inTurn(way('a', false), way('b', true), way('c', true))(message);
    expect(told).toEqual(['a', 'b']);
    await expect(inTurn(way('d', false), way('e', false))(message)).rejects.toThrow('e');
  });
});
