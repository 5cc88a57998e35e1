import { afterAll, beforeAll } from 'vitest';
import { createWorld, type World, type WorldOptions } from './world.ts';

/**
 * One world for all tests of a file, or of a block: for those that leave it as it was, in whatever order they run.
 * @param furnish puts in what they find there
 */
export function oneWorld(
  options: WorldOptions = {},
  furnish: (world: World) => Promise<unknown> = async () => {},
): () => World {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(options);
    await furnish(world);
  });
  afterAll(() => world[Symbol.asyncDispose]());
  return () => world;
}
