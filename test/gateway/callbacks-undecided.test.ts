import { expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { finishedXml } from '../callback/kit.ts';
import { send, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { STATUS } from '../kit/endpoints.ts';
import { readEvents, takeEvents } from '../kit/event-reading.ts';
import { postPush, signed } from '../kit/pushes.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const MINUTE = 60_000;
const COUNTS = { total: 100, eligible: 80, sent: 75, failed: 5 };
const CHECK = `<CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>
  <UserDeclareState>0</UserDeclareState><AuditState>2</AuditState><OriginalArticleUrl>https://example.com/o</OriginalArticleUrl>
  <OriginalArticleType>1</OriginalArticleType><CanReprint>1</CanReprint><NeedReplaceContent>0</NeedReplaceContent>
  <NeedShowReprintSource>1</NeedShowReprintSource></item></ResultList><CheckState>2</CheckState></CopyrightCheckResult><ArticleUrlResult><ResultList>
  <item><ArticleIdx>1</ArticleIdx><ArticleUrl>https://example.com/1</ArticleUrl></item></ResultList></ArticleUrlResult>`;

const push = (world: World, finished: Parameters<typeof finishedXml>[0]) =>
  postPush(world, signed(world, finishedXml(finished)));

const says = (msg_status: string): Fault => ({ body: JSON.stringify({ msg_id: 1, msg_status }) });

async function sendUnheard(world: World): Promise<any> {
  world.sandbox.scriptPush({ lost: true });
  return (await send(world, textToTag('undecided'))).campaign;
}

const withoutStatus = (msgId: string) => finishedXml({ msgId }).replace(/<Status>.*<\/Status>/, '');

const findingsOf = (world: World) =>
  runSql(
    world.config.databaseUrl,
    `select original_article_url, url from copyright_results c
      join job_articles a on a.job_id = c.job_id and a."index" = c.article_index`,
  );

it.each([
  ['SENT', 'SEND_SUCCESS', null],
  ['FAILED', 'SEND_FAIL', { rawStatus: 'SEND_FAIL' }],
])(
  'keeps the figures of a result with an unknown status, and a poll decides that it was %s',
  async (status, answer, failure) => {
    await using world = await createWorld();
    const { id, msgId } = await sendUnheard(world);
    world.sandbox.script(STATUS, says(answer));
    expect(await push(world, { msgId, status: 'send partially', fields: CHECK })).toMatchObject({
      status: 200,
    });
    expect(await readCampaign(world, id)).toMatchObject({
      status: 'SENDING',
      counts: COUNTS,
      failure: null,
      finishedAt: null,
    });
    expect(await findingsOf(world)).toEqual([
      { original_article_url: 'https://example.com/o', url: 'https://example.com/1' },
    ]);
    await world.clock.waitForTimer(MINUTE);
    await world.clock.advance(MINUTE);
    expect(await untilStatus(world, id, status)).toMatchObject({
      counts: COUNTS,
      failure,
      finishedAt: '2026-06-01T02:01:00.000Z',
    });
    expect(await findingsOf(world)).toHaveLength(1);
  },
);

it('tells of a result without a status, and a later one that has a status decides', async () => {
  await using world = await createWorld();
  const { id, msgId } = await sendUnheard(world);
  await using events = await readEvents(world, 'SSE', { campaign: id });
  await postPush(world, signed(world, withoutStatus(msgId)));
  expect(await readCampaign(world, id)).toMatchObject({ status: 'SENDING', counts: COUNTS });
  const counts = { total: 10, eligible: 9, sent: 8, failed: 1 };
  await push(world, {
    msgId,
    status: 'err(10001)',
    counts:
      '<TotalCount>10</TotalCount><FilterCount>9</FilterCount><SentCount>8</SentCount><ErrorCount>1</ErrorCount>',
  });
  expect(await readCampaign(world, id)).toMatchObject({
    status: 'FAILED',
    counts,
    failure: { code: 10001, rawStatus: 'err(10001)' },
  });
  expect(
    (await takeEvents(events, 3)).map(({ __typename, rawStatus, status }) => [
      __typename,
      rawStatus ?? status,
    ]),
  ).toEqual([
    ['MassSendJobFinished', ''],
    ['MassSendJobFinished', 'err(10001)'],
    ['SendJobChanged', 'FAILED'],
  ]);
});

it.each([
  '',
  '<TotalCount>100</TotalCount><FilterCount>0</FilterCount><SentCount>0</SentCount><ErrorCount>0</ErrorCount>',
])(
  'takes nothing back that was decided when a result with an unknown status follows, with the counts %j',
  async (counts) => {
    await using world = await createWorld();
    const { id, msgId } = await sendUnheard(world);
    await push(world, { msgId, status: 'send fail', fields: CHECK });
    const decided = await readCampaign(world, id);
    expect(decided).toMatchObject({ status: 'FAILED', counts: COUNTS });
    await push(world, { msgId, status: '', counts });
    expect(await readCampaign(world, id)).toEqual(
      counts === '' ? decided : { ...decided, counts: { total: 100, eligible: 0, sent: 0, failed: 0 } },
    );
    expect(await findingsOf(world)).toHaveLength(1);
  },
);

it('lets a poll say that a send was deleted whose result had an unknown status and reached nobody', async () => {
  await using world = await createWorld();
  const { id, msgId } = await sendUnheard(world);
  const counts =
    '<TotalCount>1</TotalCount><FilterCount>0</FilterCount><SentCount>0</SentCount><ErrorCount>0</ErrorCount>';
  world.sandbox.script(STATUS, says('DELETE'));
  await push(world, { msgId, status: 'send later', counts });
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE);
  expect(await untilStatus(world, id, 'DELETED')).toMatchObject({ counts: { eligible: 0 } });
});
