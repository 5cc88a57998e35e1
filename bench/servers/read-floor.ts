// The floor of the row `read`: the same rows by one prepared join, and the same bytes, without GraphQL.
import { createServer } from 'node:http';
import Sqlite from 'better-sqlite3';
import { type CampaignRow, cursorOf, isoOf, positionAt, type ReadVariables } from '../kit/read-query.ts';
import { bodyOf, serve } from '../kit/serve.ts';

interface Joined extends CampaignRow {
  msg_id: string;
  index: number | null;
  title: string;
  article_msgid: string;
}

const file = new Sqlite(process.argv[2] ?? '', { fileMustExist: true });
const select = file.prepare<[string, string, number], Joined>(`
  select c.id, c.status, c.created_at, j.msg_id, a."index", a.title, a.article_msgid
  from (
    select id, status, created_at from campaigns where (created_at, id) < (?, ?) order by created_at desc, id desc limit ? + 0
  ) c
  join jobs j on j.campaign_id = c.id
  left join job_articles a on a.job_id = j.id
  order by c.created_at desc, c.id desc, j."index", a."index"`);

function page({ first, after }: ReadVariables) {
  const nodes = new Map<string, ReturnType<typeof nodeOf>>();
  let last: Joined | null = null;
  let more = false;
  for (const row of select.all(...positionAt(after), first + 1)) {
    const known = nodes.get(row.id);
    if (!known && nodes.size === first) {
      more = true;
      break;
    }
    const node = known ?? nodeOf(row);
    if (!known) nodes.set(row.id, node);
    if (row.index !== null) {
      const { index, title, article_msgid: analyticsMsgId } = row;
      node.articles.push({ index, title, analyticsMsgId });
    }
    last = row;
  }
  return { nodes: [...nodes.values()], pageInfo: { hasNextPage: more, endCursor: last && cursorOf(last) } };
}

function nodeOf({ id, status, created_at, msg_id: msgId }: Joined) {
  const articles: { index: number; title: string; analyticsMsgId: string }[] = [];
  return { id, status, createdAt: isoOf(created_at), msgId, articles };
}

await serve(
  createServer(async (request, response) => {
    const { variables } = JSON.parse(await bodyOf(request));
    const body = JSON.stringify({ data: { campaigns: page(variables) } });
    response
      .writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      })
      .end(body);
  }),
);
