import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { expect, it } from 'vitest';
import { biViews } from '../../src/db/bi-views.ts';
import { originals } from '../../src/sandbox/originals.ts';
import { openIdOf } from '../../src/sandbox/population.ts';
import { finishedXml } from '../callback/kit.ts';
import {
  deleteMass,
  makeNews,
  PUSHED_WITHIN_MS,
  send,
  sendThrough,
  textToTag,
  uploadMedia,
  uploadNews,
} from '../kit/actions.ts';
import { syncAnalytics } from '../kit/analytics.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { SENDALL, untilAccepted } from '../kit/endpoints.ts';
import { firstEvents } from '../kit/event-reading.ts';
import { runSql } from '../kit/sql.ts';
import { readView } from '../kit/views.ts';
import { createWorld, type World } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

const HOUR = 3_600_000;
const reprint = originals.find(({ reprintAllowed }) => reprintAllowed)!;

const view = (world: World, name: string, orderBy?: string) =>
  readView(world.config.databaseUrl, name, orderBy);

/** A time of the API as the views have it. */
const utc = (iso: string | null) => iso?.replace('T', ' ').slice(0, 23);

const countsOf = (counts: any) => ({
  total_count: counts?.total ?? null,
  eligible_count: counts?.eligible ?? null,
  sent_count: counts?.sent ?? null,
  failed_count: counts?.failed ?? null,
});

/** Two articles, of which the second is a reprint. */
async function makeReprint(world: World, words: object = {}): Promise<string> {
  const { mediaId: thumbMediaId } = await uploadMedia(world, 'THUMB', files.jpg());
  const articles = ['own', reprint.sentence].map((content, index) => ({
    title: `Article ${index + 1}`,
    thumbMediaId,
    content,
    ...words,
  }));
  return (await uploadNews(world, articles)).mediaId;
}

it('says of a news campaign what the API says', async () => {
  await using world = await createWorld();
  const { id } = await sendThrough(world, {
    idempotencyKey: 'news',
    label: 'Spring',
    audience: { tagId: 102 },
    message: { mpnews: { mediaId: await makeReprint(world) } },
    sendIgnoreReprint: true,
  });
  const campaign = await readCampaign(world, id);
  const { msgId, msgDataId } = campaign;
  const counts = countsOf(campaign.counts);
  const times = { submitted_at: utc(campaign.submittedAt), finished_at: utc(campaign.finishedAt) };
  const sent = { ...counts, ...times, msg_id: msgId, msg_data_id: msgDataId, status: 'SENT' };
  expect(counts.sent_count).toBe(20);
  expect(await view(world, 'bi_campaigns')).toMatchObject([
    {
      ...sent,
      campaign_id: id,
      app_id: world.appId,
      label: 'Spring',
      message_type: 'MPNEWS',
      audience_kind: 'TAG',
      tag_id: 102,
      recipients: campaign.audience.recipients,
      send_ignore_reprint: true,
      created_date_cn: '2026-06-01',
      submitted_hour_cn: 10,
      deleted_at: null,
      deleted_date_cn: null,
    },
  ]);
  expect(await view(world, 'bi_jobs')).toMatchObject([
    {
      ...sent,
      job_id: campaign.jobs[0].id,
      campaign_id: id,
      job_index: 0,
      copyright_state: 'REPRINT_ALLOWED',
      raw_status: 'send success',
      failure_code: null,
      failure_reason: null,
      failure_retryable: null,
      attempts: 1,
      finished_date_cn: '2026-06-01',
    },
  ]);
  const [, second] = campaign.articles;
  const [found] = campaign.copyrightCheck.results;
  const verdict = {
    audit_state: found.auditState,
    original_article_url: reprint.url,
    can_reprint: true,
    need_replace_content: found.needReplaceContent,
    need_show_reprint_source: found.needShowReprintSource,
  };
  expect(await view(world, 'bi_articles')).toMatchObject([
    {
      article_msgid: `${msgDataId}_1`,
      article_index: 1,
      title: 'Article 1',
      audit_state: null,
      can_reprint: null,
    },
    {
      ...verdict,
      article_msgid: `${msgDataId}_2`,
      article_index: 2,
      campaign_id: id,
      url: second.url,
      status: 'SENT',
      copyright_state: 'REPRINT_ALLOWED',
    },
  ]);
  expect(await view(world, 'bi_copyright_results')).toMatchObject([
    { ...verdict, article_msgid: second.analyticsMsgId, job_id: campaign.jobs[0].id, article_index: 2 },
  ]);
  const told = await firstEvents(world, 5);
  expect(await view(world, 'bi_events')).toMatchObject(
    told.map((event) => ({
      event_id: Number(event.id),
      campaign_id: id,
      at: utc(event.at),
      at_date_cn: '2026-06-01',
      type: event.__typename,
      status: event.status ?? null,
      msg_id: event.msgId ?? null,
      raw_status: event.rawStatus ?? null,
      ...countsOf(event.counts),
    })),
  );
});

it('adds the figures of the jobs up in their campaign', async () => {
  await using world = await createWorld({ account: { followers: 60_000 } });
  const openIds = Array.from({ length: 10_001 }, (_, index) => openIdOf(index + 1));
  const { message } = textToTag('');
  const { campaign } = await send(world, { idempotencyKey: 'list', audience: { openIds }, message });
  await untilAccepted(world, 2);
  await world.clock.advance(PUSHED_WITHIN_MS);
  const { counts, jobs } = await untilStatus(world, campaign.id, 'SENT');
  const rows = await view(world, 'bi_jobs', 'job_index');
  expect(rows).toMatchObject(
    jobs.map(({ id, recipients }: any, job_index: number) => ({ job_id: id, job_index, recipients })),
  );
  expect(rows.map((row) => Number(row.sent_count) > 0)).toEqual([true, true]);
  expect(await view(world, 'bi_campaigns')).toMatchObject([
    { campaign_id: campaign.id, recipients: 10_001, msg_id: jobs[0].msgId, ...countsOf(counts) },
  ]);
});

it('keeps every digit of large ids', async () => {
  await using world = await createWorld();
  const [msgId, msgDataId] = ['90261533849829379', '18446744073709551615'];
  const body = `{"errcode":0,"errmsg":"ok","msg_id":${msgId},"msg_data_id":${msgDataId}}`;
  world.sandbox.script(SENDALL, { body });
  const message = { mpnews: { mediaId: await makeNews(world, 1) } };
  await send(world, { idempotencyKey: 'large', audience: { tagId: 2 }, message });
  expect(await view(world, 'bi_campaigns')).toMatchObject([{ msg_id: msgId, msg_data_id: msgDataId }]);
  expect(await view(world, 'bi_articles')).toMatchObject([
    { article_msgid: `${msgDataId}_1`, msg_data_id: msgDataId },
  ]);
});

it('has the Beijing date change at 16:00 UTC', async () => {
  await using world = await createWorld();
  await world.clock.advance(14 * HOUR - 1);
  await send(world, textToTag('before'));
  await world.clock.advance(1);
  await send(world, textToTag('after'));
  const columns = await view(world, 'bi_campaigns', 'created_at');
  expect(columns).toMatchObject([
    {
      created_at: '2026-06-01 15:59:59.999',
      created_date_cn: '2026-06-01',
      submitted_date_cn: '2026-06-01',
      submitted_hour_cn: 23,
    },
    { created_at: '2026-06-01 16:00:00.000', created_date_cn: '2026-06-02', submitted_hour_cn: 0 },
  ]);
});

it('has no figure that WeChat did not give, and none before it gave one', async () => {
  await using world = await createWorld();
  const none = countsOf(null);
  const { campaign } = await send(world, textToTag('no figures'));
  expect(await view(world, 'bi_campaigns')).toMatchObject([{ ...none, status: 'SENDING', recipients: null }]);
  await world.sandbox.push(world.appId, finishedXml({ msgId: campaign.msgId, counts: '' }));
  await untilStatus(world, campaign.id, 'SENT');
  const [job] = await view(world, 'bi_jobs');
  expect(job).toMatchObject({ ...none, status: 'SENT', copyright_state: null, recipients: null });
  const events = await view(world, 'bi_events');
  expect(events.at(-2)).toMatchObject({ ...none, raw_status: 'send success' });
});

it('tells why a send failed, and that another was deleted', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ status: 'err(20004)' });
  await sendThrough(world, textToTag('refused'));
  const message = { mpnews: { mediaId: await makeNews(world, 1) } };
  const sent = await sendThrough(world, { idempotencyKey: 'deleted', audience: { tagId: 102 }, message });
  await deleteMass(world, { msgId: sent.msgId });
  const { deletedAt } = await readCampaign(world, sent.id);
  expect(await view(world, 'bi_jobs', 'submitted_at')).toMatchObject([
    {
      status: 'FAILED',
      failure_code: 20004,
      failure_reason: expect.stringContaining('涉嫌社会'),
      failure_retryable: false,
      raw_status: 'err(20004)',
    },
    { status: 'DELETED', deleted_at: utc(deletedAt), deleted_date_cn: '2026-06-01', failure_code: null },
  ]);
  expect(await view(world, 'bi_articles')).toMatchObject([
    { status: 'DELETED', deleted_at: utc(deletedAt), deleted_date_cn: '2026-06-01' },
  ]);
});

it('shows a send that was made elsewhere among the events, without a campaign', async () => {
  await using world = await createWorld();
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001' }));
  await firstEvents(world, 1);
  expect(await view(world, 'bi_events')).toMatchObject([
    {
      app_id: world.appId,
      campaign_id: null,
      job_id: null,
      type: 'MassSendJobFinished',
      status: null,
      msg_id: '4000000001',
      raw_status: 'send success',
      ...countsOf({ total: 100, eligible: 80, sent: 75, failed: 5 }),
    },
  ]);
  expect(await view(world, 'bi_campaigns')).toEqual([]);
});

it('has neither people nor what was written to them in any cell', async () => {
  await using world = await createWorld();
  const secret = 'kept between us';
  const openIds = ['oSandbox_00001', 'oSandbox_00002'];
  const message = { text: { content: secret } };
  await sendThrough(world, { idempotencyKey: `key ${secret}`, audience: { openIds }, message });
  const mediaId = await makeReprint(world, { digest: secret, author: secret });
  await sendThrough(world, {
    idempotencyKey: 'news',
    audience: { openIds },
    message: { mpnews: { mediaId } },
    sendIgnoreReprint: true,
  });
  const preview = `mutation ($message: MessageInput!) { preview(input: { to: { wxName: "wx_somebody" }, message: $message }) { __typename } }`;
  await world.query(preview, { message });
  await world.clock.advance(24 * 3_600_000);
  await syncAnalytics(world, '2026-06-01', '2026-06-01');
  const rows = await Promise.all(biViews.map(({ name }) => view(world, name)));
  expect(rows.map((all) => all.length > 0)).toEqual(biViews.map(() => true));
  const cells = rows.flat().flatMap((row) => Object.values(row).map(String));
  // FromUserName of the pushes is the sandbox's, gh_… its own name.
  const canaries = [
    secret,
    reprint.sentence,
    'oSandbox_',
    'wx_somebody',
    'gh_',
    'FromUserName',
    world.config.accounts[0]!.appSecret,
  ];
  expect(cells.filter((text) => canaries.some((canary) => text.includes(canary)))).toEqual([]);
});

interface Reader extends AsyncDisposable {
  read(statement: string): Promise<unknown[]>;
}

/** As a report connects: a role or a file that can only be read, with a transaction that stays open. */
async function openReader(url: string): Promise<Reader> {
  if (url.startsWith('file:')) {
    const file = new Sqlite(url.slice('file:'.length), { readonly: true });
    file.exec('begin');
    return {
      read: async (statement) => file.prepare(statement).all(),
      [Symbol.asyncDispose]: async () => void file.close(),
    };
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin transaction isolation level repeatable read read only');
  return {
    read: async (statement) => (await client.query(statement)).rows,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

it('can be read by a report that stays open while the gateway sends', async () => {
  await using world = await createWorld();
  await sendThrough(world, textToTag('first'));
  const url = world.config.databaseUrl;
  {
    await using report = await openReader(url);
    const count = async () => (await report.read('select campaign_id from bi_campaigns')).length;
    expect(await count()).toBe(1);
    expect(await sendThrough(world, textToTag('second'))).toMatchObject({ status: 'SENDING' });
    for (const { name } of biViews) await report.read(`select * from ${name}`);
    // It sees the moment it began at, and the gateway has gone on.
    expect(await count()).toBe(1);
    await expect(report.read('delete from events returning id')).rejects.toThrow(/read-?only/i);
  }
  expect(await runSql(url, 'select campaign_id from bi_campaigns')).toHaveLength(2);
});
