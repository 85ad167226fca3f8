import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/base/failure.ts';
import { confirmed, type Question } from '../../src/cli/confirm.ts';

function terminal(isTTY = true) {
  const stream = () => Object.assign(new PassThrough(), { isTTY });
  const [input, output] = [stream(), stream()];
  const said: string[] = [];
  output.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  return { input, output, said: () => said.join('') };
}

const question = (over: Partial<Question> = {}): Question => {
  const { input, output } = terminal();
  return { input, output, what: 'Carry it out', typeName: null, yes: false, typedName: undefined, ...over };
};

async function answering(line: string, over: Partial<Question> = {}): Promise<{ yes: boolean; said: string }> {
  const { input, output, said } = terminal();
  const asked = confirmed(question({ ...over, input, output }));
  input.write(line);
  return { yes: await asked, said: said() };
}

describe('the question before a change', () => {
  test.each([
    ['yes\n', true],
    ['  yes  \n', true],
    ['y\n', false],
    ['YES\n', false],
    ['\n', false],
    ['yes please\n', false],
    ['\u0003', false],
    ['\u0004', false],
  ])('is answered by %j: %s', async (line, yes) => {
    expect((await answering(line)).yes).toBe(yes);
  });

  test('asks for the name of a production cluster, and yes is not enough there', async () => {
    expect((await answering('yes\n', { typeName: 'prod-1' })).yes).toBe(false);
    const right = await answering('prod-1\n', { typeName: 'prod-1' });
    expect(right.yes).toBe(true);
    expect(right.said).toContain("Carry it out? Type the cluster's name (prod-1) to go on: ");
  });

  test('is over when nobody is there any more', async () => {
    const { input, output } = terminal();
    const asked = confirmed(question({ input, output }));
    input.end();
    expect(await asked).toBe(false);
  });

  test('is not asked where it was answered before', async () => {
    const { input, output, said } = terminal(false);
    expect(await confirmed(question({ input, output, yes: true }))).toBe(true);
    expect(await confirmed(question({ input, output, yes: true, typeName: 'prod-1', typedName: 'prod-1' }))).toBe(true);
    expect(said()).toBe('');
  });

  test.each([
    ['nobody can be asked', {}, 'nobody can be asked here: read the plan, then say it again with --yes (--dry-run'],
    ['nobody can be asked for the name', { typeName: 'prod-1' }, 'say it again with --yes --type-name prod-1'],
    ['the name is lacking', { typeName: 'prod-1', yes: true }, 'its name must be given too: --yes --type-name prod-1'],
    [
      'the name is wrong',
      { typeName: 'prod-1', yes: true, typedName: 'prod-2' },
      '"prod-2" is not the name of the cluster, which is prod-1',
    ],
  ])('is wrong usage where %s', async (_what, over, says) => {
    const { input, output } = terminal(false);
    const asked = confirmed(question({ input, output, ...over }));
    await expect(asked).rejects.toBeInstanceOf(UsageError);
    await expect(asked).rejects.toThrow(says);
  });
});
