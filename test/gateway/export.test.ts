import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it, vi } from 'vitest';
import { biViews } from '../../src/db/bi-views.ts';
import { run } from '../../src/db/database.ts';
import { send, textToTag } from '../kit/actions.ts';
import { oneWorld } from '../kit/one-world.ts';
import { withDatabase } from '../kit/seed.ts';
import { createWorld, type World } from '../kit/world.ts';

const download = (world: World, path: string): Promise<Response> => fetch(`${world.url}/export/${path}`);

const textOf = async (world: World, path: string): Promise<string> => (await download(world, path)).text();

const linesOf = async (world: World, path: string): Promise<any[]> =>
  (await textOf(world, path))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** RFC 4180, read back. */
function parseCsv(text: string): string[][] {
  const rows = text.match(/(?:"(?:[^"]|"")*"|[^"\r])*\r\n/g) ?? [];
  return rows.map((row) =>
    [...row.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    ),
  );
}

async function readParquet(response: Response): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: await response.arrayBuffer() });
}

const ODD = 'a "quoted", 中文\r\nlabel';

const filled = oneWorld({}, async (world) => {
  await send(world, textToTag('odd', { label: ODD }));
  await send(world, textToTag('formula', { label: '=HYPERLINK("http://x")' }));
  await send(world, textToTag('none'));
  await send(world, textToTag('empty', { label: '' }));
});
const empty = oneWorld();

describe('a view as a file', () => {
  it.each(biViews.map(({ name }) => name))(
    'has every column of %s in its order, in all three formats',
    async (name) => {
      const world = filled();
      const columns = biViews.find((view) => view.name === name)!.columns.map((column) => column.name);
      const [header, ...rows] = parseCsv(await textOf(world, `${name}.csv`));
      expect(header).toEqual(columns);
      const lines = await linesOf(world, `${name}.jsonl`);
      expect(lines).toHaveLength(rows.length);
      for (const line of lines) expect(Object.keys(line)).toEqual(columns);
      expect(await readParquet(await download(world, `${name}.parquet`))).toHaveLength(rows.length);
    },
  );

  it('has the same values in all three formats', async () => {
    const world = filled();
    const lines = await linesOf(world, 'bi_campaigns.jsonl');
    const [names = [], ...rows] = parseCsv(await textOf(world, 'bi_campaigns.csv'));
    const objects = await readParquet(await download(world, 'bi_campaigns.parquet'));
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const at = names.indexOf('campaign_id');
      const row = rows.find((cells) => cells[at] === line.campaign_id)!;
      const object = objects.find(({ campaign_id }) => campaign_id === line.campaign_id)!;
      for (const [index, name] of names.entries()) {
        const value = line[name];
        if (name !== 'label') expect(row[index], name).toBe(value === null ? '' : String(value));
        const inParquet = object[name];
        const read =
          inParquet instanceof Date
            ? inParquet.toISOString().replace('T', ' ').replace('Z', '').slice(0, String(value).length)
            : typeof inParquet === 'bigint'
              ? Number(inParquet)
              : (inParquet ?? null);
        expect(read, name).toEqual(value);
      }
    }
  });

  it('is CSV that Excel reads: no formulas, quotes and line ends kept, NULL told from nothing, a BOM where asked for', async () => {
    const world = filled();
    const csv = await textOf(world, 'bi_campaigns.csv');
    const [names = [], ...rows] = parseCsv(csv);
    const labels = rows.map((row) => row[names.indexOf('label')]);
    expect(labels.toSorted()).toEqual([ODD, `'=HYPERLINK("http://x")`, '', ''].toSorted());
    expect(csv).toMatch(/,"",/);
    const bytes = async (path: string) => Buffer.from(await (await download(world, path)).arrayBuffer());
    expect([...(await bytes('bi_campaigns.csv?bom=1')).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect((await bytes('bi_campaigns.csv')).toString().startsWith('campaign_id,')).toBe(true);
  });

  it('holds the days that are asked for, both included', async () => {
    await using world = await createWorld();
    const days = async (query: string) =>
      (await linesOf(world, `bi_calendar.jsonl?${query}`)).map(({ date_cn }) => date_cn).toSorted();
    expect(await days('from=2026-02-27&to=2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(await days('from=2039-12-31')).toEqual(['2039-12-31']);
    expect(await days('to=2020-01-01')).toEqual(['2020-01-01']);
    const [{ created_date_cn: day }] = await (async () => {
      await send(world, textToTag('one'));
      return linesOf(world, 'bi_campaigns.jsonl');
    })();
    expect(await linesOf(world, `bi_campaigns.jsonl?from=${day}&to=${day}`)).toHaveLength(1);
    expect(await linesOf(world, 'bi_campaigns.jsonl?from=2020-01-01&to=2020-01-02')).toEqual([]);
  });

  it('says what it is, so that browsers save it under its name', async () => {
    const world = empty();
    const { headers } = await download(world, 'bi_jobs.parquet');
    expect(headers.get('content-type')).toBe('application/vnd.apache.parquet');
    expect(headers.get('content-disposition')).toBe('attachment; filename="bi_jobs.parquet"');
  });
});

it.each([
  ['bi_nothing.csv', 404],
  ['campaigns.csv', 404],
  ['bi_campaigns.xlsx', 404],
  ['bi_campaigns', 404],
  ['bi_campaigns.csv?bom=2', 400],
  ['bi_campaigns.jsonl?bom=1', 400],
  ['bi_campaigns.csv?from=yesterday', 400],
  ['bi_campaigns.csv?from=', 400],
  ['bi_campaigns.csv?to=2026-02-30', 400],
  ['bi_campaigns.csv?from=2026-03-02&to=2026-03-01', 400],
])('refuses %s with %i, in a sentence', async (path, status) => {
  const world = empty();
  const response = await download(world, path);
  expect(response.status).toBe(status);
  expect(await response.text()).toMatch(/\w+ \w+/);
});

it('has more rows than fit in one piece, each once', async () => {
  const world = empty();
  const days = (await linesOf(world, 'bi_calendar.jsonl')).map(({ date_cn }) => date_cn);
  expect(days).toHaveLength(7305);
  expect(new Set(days).size).toBe(7305);
});

it('takes no harm, and raises no alarm, where whoever reads it goes away', async () => {
  await using world = await createWorld();
  // Far more pieces than are under way at once, and far more than fits in the buffers of a connection.
  const rawStatus = 'x'.repeat(10_000);
  await withDatabase(world, ({ atomically, tables: t }) =>
    atomically(function* (tx) {
      const row = {
        at: world.clock.now(),
        type: 'MassSendJobFinished' as const,
        appId: world.appId,
        rawStatus,
      };
      for (let count = 0; count < 5; count++) yield* run(tx.insert(t.events).values(Array(1_000).fill(row)));
    }),
  );
  const { body } = await download(world, 'bi_events.csv');
  const reader = body!.getReader();
  await reader.read();
  await reader.cancel();
  await vi.waitFor(
    () => expect(world.log.map(({ message }) => message)).toContain('whoever read an export went away'),
    20_000,
  );
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
});
