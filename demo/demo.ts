import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import ora from 'ora';
import { createGatewayClient } from './gateway-client.ts';
import {
  ACCOUNTS,
  CAMPAIGN,
  EVENTS,
  PREVIEW,
  SEND,
  UPLOAD_IMAGE,
  UPLOAD_NEWS,
  UPLOAD_THUMB,
} from './operations.ts';

// One whole campaign through the public API, against a gateway that runs beside it. Where that has keys, API_KEY is the secret of one.

interface Counts {
  total: number;
  eligible: number;
  sent: number;
  failed: number;
}
interface Happening {
  id: string;
  __typename: string;
  status?: string;
  rawStatus?: string;
  counts?: Counts | null;
  copyrightCheck?: {
    state: string;
    results: { articleIndex: number; canReprint: boolean | null; originalArticleUrl: string | null }[];
  } | null;
}

const FINAL = new Set(['SENT', 'FAILED', 'DELETED', 'EXPIRED', 'CANCELED']);

if (existsSync('.env')) process.loadEnvFile('.env');
const url = process.argv[2] ?? `http://127.0.0.1:${process.env.PORT ?? 4000}`;
const gateway = createGatewayClient(url, process.env.API_KEY);

/** Shows a step while it is under way, and what came of it. */
async function step<T>(title: string, work: () => Promise<T>, outcome: (result: T) => string): Promise<T> {
  const spinner = ora({ text: title, discardStdin: false }).start();
  try {
    const result = await work();
    spinner.succeed(`${title}: ${outcome(result)}`);
    return result;
  } catch (error) {
    spinner.fail(title);
    throw error;
  }
}

/** The one outcome of a mutation that the demo expects; anything else ends it with the gateway's own words. */
function expectSuccess<T extends object>(result: T | { message: string }): T {
  if ('message' in result) throw new Error(result.message);
  return result;
}

async function watch(id: string): Promise<Happening> {
  const spinner = ora({ text: 'Watching', discardStdin: false }).start();
  const started = Date.now();
  const ticking = setInterval(() => {
    spinner.text = `Watching the events of the campaign, ${((Date.now() - started) / 1000).toFixed(0)} s`;
  }, 200);
  let result: Happening | undefined;
  try {
    for await (const { events: event } of gateway.subscribe<{ events: Happening }>(EVENTS, {
      after: '0',
      campaign: id,
    })) {
      spinner.stopAndPersist({ symbol: '●', text: `event ${event.id}  ${describe(event)}` });
      spinner.start();
      if (event.__typename === 'MassSendJobFinished') result = event;
      if (event.status && FINAL.has(event.status)) break;
    }
  } finally {
    clearInterval(ticking);
    spinner.stop();
  }
  if (!result) throw new Error('the campaign ended without a result event');
  return result;
}

const describe = ({ __typename, status, rawStatus, counts }: Happening): string =>
  __typename === 'SendJobChanged'
    ? `the send is ${status}`
    : `WeChat reports "${rawStatus}", ${counts?.sent ?? 0} delivered`;

function showCopyright({ copyrightCheck }: Happening): void {
  console.log(`\nCopyright check: ${copyrightCheck?.state ?? 'none'}`);
  for (const { articleIndex, canReprint, originalArticleUrl } of copyrightCheck?.results ?? []) {
    const verdict = originalArticleUrl
      ? `a reprint of ${originalArticleUrl}, ${canReprint ? 'which its author allows' : 'which its author forbids'}`
      : 'no reprint';
    console.log(`  article ${articleIndex}: ${verdict}`);
  }
}

function showCounts({ counts }: Happening): void {
  if (!counts) return;
  console.log(
    `\nDelivered to ${counts.sent} of ${counts.total} followers; ${counts.total - counts.eligible} were filtered out, ${counts.failed} failed.`,
  );
  if (counts.eligible === 0)
    console.log(
      'They have had their four messages of this month. A gateway that is started again has a fresh sandbox.',
    );
}

async function play(): Promise<void> {
  const { accounts } = await gateway.query<{
    accounts: { name: string; sandbox: boolean; tags: { id: number; name: string; followers: number }[] }[];
  }>(ACCOUNTS);
  const [account] = accounts;
  if (!account?.sandbox)
    throw new Error('this gateway talks to a real account; the demo sends to the sandbox only');
  const tag = account.tags.toSorted((a, b) => b.followers - a.followers)[0];
  if (!tag) throw new Error('the account has no tags');
  console.log(`\nqunfa at ${url}, account "${account.name}" (sandbox)\n`);

  const file = new File([await readFile(new URL('cover.jpg', import.meta.url))], 'cover.jpg', {
    type: 'image/jpeg',
  });
  const image = await step(
    'Upload an image for the articles',
    async () =>
      expectSuccess((await gateway.upload<{ uploadImage: { url: string } }>(UPLOAD_IMAGE, file)).uploadImage),
    (uploaded) => uploaded.url,
  );
  const thumb = await step(
    'Upload a thumbnail',
    async () =>
      expectSuccess(
        (await gateway.upload<{ uploadMedia: { mediaId: string } }>(UPLOAD_THUMB, file)).uploadMedia,
      ),
    ({ mediaId }) => mediaId,
  );
  const articles = [
    {
      title: 'Spring in the hills',
      author: 'qunfa',
      digest: 'What grows, and when.',
      thumbMediaId: thumb.mediaId,
      content: `<p>It is spring.</p><p><img src="${image.url}"></p>`,
    },
    {
      title: 'The first tea of spring',
      thumbMediaId: thumb.mediaId,
      // A sentence of one of the originals that the sandbox knows: its author allows reprints.
      content: '<p>第一杯春茶，是写给山里的一封回信。</p>',
    },
  ];
  const news = await step(
    'Upload a news material of two articles',
    async () =>
      expectSuccess(
        (await gateway.query<{ uploadNews: { mediaId: string } }>(UPLOAD_NEWS, { articles })).uploadNews,
      ),
    ({ mediaId }) => mediaId,
  );
  await step(
    'Preview it to one person',
    async () =>
      expectSuccess(
        (await gateway.query<{ preview: { msgId: string } }>(PREVIEW, { mediaId: news.mediaId })).preview,
      ),
    ({ msgId }) => `msg_id ${msgId}`,
  );
  const { campaign } = await step(
    `Send it to the tag "${tag.name}" of ${tag.followers} followers`,
    async () =>
      expectSuccess(
        (
          await gateway.query<{ massSend: { campaign: { id: string; status: string; msgId: string } } }>(
            SEND,
            {
              key: `demo ${randomUUID()}`,
              tagId: tag.id,
              mediaId: news.mediaId,
            },
          )
        ).massSend,
      ),
    (sent) => `campaign ${sent.campaign.id} is ${sent.campaign.status}, msg_id ${sent.campaign.msgId}`,
  );

  const result = await watch(campaign.id);
  showCopyright(result);
  showCounts(result);

  console.log('\nThe campaign, as the query shows it:');
  const { campaign: final } = await gateway.query<{ campaign: object }>(CAMPAIGN, { id: campaign.id });
  console.log(inspect(final, { depth: null, colors: process.stdout.isTTY, breakLength: 110 }));
}

try {
  await play();
} catch (error) {
  const refused = error instanceof TypeError && error.cause instanceof Error && 'code' in error.cause;
  const reason = error instanceof Error ? error.message : String(error);
  console.error(
    refused
      ? `no gateway answers at ${url}: run npm start in another terminal first`
      : `the demo ended early: ${reason}`,
  );
  process.exitCode = 1;
} finally {
  await gateway.close();
}
