/** What every server of the row `read` is asked for, to the letter. */
export const READ_QUERY = `query Recent($first: Int!, $after: String) {
  campaigns(first: $first, after: $after) {
    nodes { id status createdAt msgId articles { index title analyticsMsgId } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const READ_VARIABLES = { first: 20 };

export interface ReadVariables {
  first: number;
  after?: string;
}

export interface CampaignRow {
  id: string;
  status: string;
  /** As SQLite has it. */
  created_at: string;
}

export interface ArticleRow {
  campaign_id: string;
  index: number;
  title: string;
  article_msgid: string;
}

export const isoOf = (createdAt: string): string => `${createdAt.replace(' ', 'T')}Z`;

export const cursorOf = ({ created_at, id }: Pick<CampaignRow, 'created_at' | 'id'>): string =>
  Buffer.from(JSON.stringify([Date.parse(isoOf(created_at)), id])).toString('base64url');

/** Where a page begins, as SQLite compares it; for the first, what comes before all. */
export function positionAt(after: string | undefined): [createdAt: string, id: string] {
  if (after === undefined) return ['9999-12-31', ''];
  const [at, id] = JSON.parse(Buffer.from(after, 'base64url').toString());
  return [new Date(at).toISOString().replace('T', ' ').slice(0, -1), id];
}
