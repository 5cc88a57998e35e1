import { expect, it } from 'vitest';
import { createWorld } from '../kit/world.ts';

it('breaks a request off that nothing has an answer for, and logs why under its id', async () => {
  const laneWatch = {
    isOpen() {
      throw new TypeError('a mistake of ours');
    },
    answered() {},
  };
  await using world = await createWorld({ laneWatch });
  await expect(world.post({ query: '{ accounts { appId } }' })).rejects.toThrow('fetch failed');
  expect(world.log.filter(({ level }) => level === 'error')).toMatchObject([
    {
      message: 'a request could not be answered',
      context: { error: { message: 'a mistake of ours' }, requestId: expect.any(String) },
    },
  ]);
});
