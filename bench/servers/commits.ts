// The floor of the row `mass-send`: a FULL commit, the call to WeChat, another FULL commit, of so many pages each. It also tells how long
// the bare call takes.
import { createServer } from 'node:http';
import Sqlite from 'better-sqlite3';
import { Agent, request } from 'undici';
import { percentile } from '../kit/rounds.ts';
import { bodyOf, serve } from '../kit/serve.ts';

const [, , path = '', wechat = '', pages = '1'] = process.argv;
const file = new Sqlite(path);
file.pragma('journal_mode = WAL');
file.pragma('synchronous = FULL');
// A table has a page of its own, and a commit writes every page that it changes.
const inserts = Array.from({ length: Number(pages) }, (_, index) => {
  file.exec(`create table sends${index} (id integer primary key, body text not null)`);
  return file.prepare(`insert into sends${index} (body) values (?)`);
});
const commit = file.transaction((body: string) => {
  for (const insert of inserts) insert.run(body);
});

const dispatcher = new Agent();
async function send(body: string): Promise<void> {
  const answer = await request(`${wechat}/cgi-bin/message/mass/sendall`, {
    method: 'POST',
    body,
    dispatcher,
  });
  await answer.body.json();
}

// In the order in which the promise needs them: a commit that follows another at once finds the disk awake and takes half as long.
const server = createServer(async (incoming, response) => {
  const body = await bodyOf(incoming);
  commit(body);
  await send(body);
  commit(body);
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{}}');
});

process.on('message', async (message: { body?: string; times?: number }) => {
  const { body, times = 0 } = message;
  if (body === undefined) return;
  const took: number[] = [];
  for (let time = 0; time < times; time++) {
    const startedAt = performance.now();
    await send(body);
    took.push(performance.now() - startedAt);
  }
  process.send?.({ p50: percentile(took, 0.5) });
});

await serve(server);
