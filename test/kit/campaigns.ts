import type { World } from './world.ts';

const CAMPAIGN = `
  id status messageType msgId msgDataId sendIgnoreReprint scheduledAt submittedAt finishedAt deletedAt
  audience { kind tagId recipients }
  counts { total eligible sent failed }
  copyrightCheck { state results { articleIndex auditState originalArticleUrl canReprint needReplaceContent needShowReprintSource } }
  articles { index title url analyticsMsgId copyright { articleIndex canReprint } }
  failure { code reason rawStatus retryable }
  jobs { id clientMsgId status msgId msgDataId recipients }
`;

/** A campaign with all that a test may ask for. */
export const readCampaign = async (world: World, id: string): Promise<any> =>
  (await world.query<any>(`query ($id: ID!) { campaign(id: $id) { ${CAMPAIGN} } }`, { id })).campaign;

/** Every campaign there is, newest first, with its status. */
export const listCampaigns = async (world: World): Promise<{ id: string; status: string }[]> =>
  (await world.query<any>('{ campaigns(first: 100) { nodes { id status } } }')).campaigns.nodes;

/** Waits until the campaign is as wanted, and gives it. */
export async function untilCampaign(
  world: World,
  id: string,
  isWanted: (campaign: any) => boolean,
): Promise<any> {
  const query = `subscription ($id: ID!) { campaignUpdated(id: $id) { ${CAMPAIGN} } }`;
  await using changes = await world.subscribe<any>('SSE', query, { id });
  return (await changes.until(({ campaignUpdated }) => isWanted(campaignUpdated))).campaignUpdated;
}

export const untilStatus = (world: World, id: string, status: string): Promise<any> =>
  untilCampaign(world, id, (campaign) => campaign.status === status);
