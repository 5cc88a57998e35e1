import type { DeliveryCounts } from '../src/campaigns/delivery-result.ts';
import type { SendStatus } from '../src/campaigns/status.ts';
import { ask } from './ask.ts';

/** A campaign as the gateway tells of it. */
export interface CampaignTold {
  id: string;
  idempotencyKey: string;
  status: SendStatus;
  jobs: {
    status: SendStatus;
    msgId: string | null;
    counts: DeliveryCounts | null;
    failure: { code: number | null; reason: string } | null;
  }[];
}

const OPEN = `query {
  campaigns(first: 1, filter: { statuses: [PENDING, SUBMITTING, UNKNOWN, SENDING] }) { totalCount }
}`;

const PAGE = `query ($after: String) {
  campaigns(first: 100, after: $after) {
    nodes {
      id idempotencyKey status
      jobs { status msgId counts { total eligible sent failed } failure { code reason } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  campaigns: {
    nodes: CampaignTold[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

/** How many campaigns have no final status yet. */
export async function countOpen(gatewayUrl: string): Promise<number> {
  const { campaigns } = await ask<{ campaigns: { totalCount: number } }>(gatewayUrl, OPEN);
  return campaigns.totalCount;
}

export async function readCampaigns(gatewayUrl: string): Promise<CampaignTold[]> {
  const all: CampaignTold[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page = await ask<Page>(gatewayUrl, PAGE, { after });
    all.push(...page.campaigns.nodes);
    if (!page.campaigns.pageInfo.hasNextPage) return all;
    after = page.campaigns.pageInfo.endCursor;
  }
}
