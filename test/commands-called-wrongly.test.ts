import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addDays, dayInBeijing } from '../src/campaigns/days.ts';
import { askedFor } from './kit/analytics.ts';
import { sync, verify } from './kit/commands.ts';
import { createWorld } from './kit/world.ts';

it('says what is wrong with how `npm run sync` is called, and asks nothing', async () => {
  await using world = await createWorld();
  const tomorrow = addDays(dayInBeijing(new Date()), 1);
  const wrong: [string[], number, RegExp][] = [
    [['--from', '2025-12-02', '--to', '2025-12-01'], 64, /--from must not be after to/],
    [['--from', '2025-12-2'], 64, /YYYY-MM-DD/],
    [['--to', tomorrow], 64, /yesterday in Beijing/],
    [['--until', '2025-12-02'], 64, /npm run sync/],
    [['--account', 'wxother'], 78, /not a configured account/],
  ];
  const ended = await Promise.all(wrong.map(([args]) => sync(world, args)));
  for (const [index, [, code, message]] of wrong.entries()) {
    expect(ended[index]).toMatchObject({ code, stderr: expect.stringMatching(message) });
  }
  expect(askedFor(world)).toEqual([]);
});

it('says how `npm run audit:verify` is called, and makes no database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-no-database-'));
  const nowhere = `file:${join(folder, 'qunfa.sqlite')}`;
  expect(await verify(nowhere, '--head', 'short')).toMatchObject({ code: 64 });
  expect(await verify(nowhere, '--tail')).toMatchObject({ code: 64 });
  expect(await verify(nowhere)).toMatchObject({
    code: 78,
    stderr: expect.stringContaining('there is no database'),
  });
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

it('says in one line that the database of `npm run audit:verify` does not answer', async () => {
  expect(await verify('postgres://127.0.0.1:1/none')).toMatchObject({
    code: 1,
    stderr: 'the database could not be opened: connect ECONNREFUSED 127.0.0.1:1\n',
  });
});
