import { type AccountProfile, AccountType } from './account.ts';
import { BATCH } from './batches.ts';
import { type InputIssue, issue, when } from './input-issue.ts';
import { openIdFault } from './open-ids.ts';

export const AudienceKind = { ALL: 'ALL', TAG: 'TAG', OPEN_IDS: 'OPEN_IDS' } as const;
export type AudienceKind = (typeof AudienceKind)[keyof typeof AudienceKind];

/** Who receives a campaign. Always one of three, spelled out: nothing falls back to everybody. */
export type Audience =
  | { kind: 'ALL'; confirm: boolean }
  | { kind: 'TAG'; tagId: number }
  | { kind: 'OPEN_IDS'; openIds: readonly string[] }
  /** The same from a file, one a line, which is checked while it is read. */
  | { kind: 'OPEN_IDS_FILE'; chunks: AsyncIterable<Uint8Array> };

/** The kind under which an audience is kept. */
export const audienceKind = ({ kind }: Audience): AudienceKind =>
  kind === 'OPEN_IDS_FILE' ? AudienceKind.OPEN_IDS : kind;

/** More than these are summed up in a last line: ten thousand equal complaints help nobody. */
export const LISTED_ISSUES = 100;

export function checkAudience(audience: Audience, account: AccountProfile | null): InputIssue[] {
  switch (audience.kind) {
    case 'ALL':
      return when(
        !audience.confirm,
        ['audience', 'all', 'confirm'],
        'must be true to send to every follower',
      );
    case 'TAG':
      return when(audience.tagId < 0, ['audience', 'tagId'], 'must not be negative');
    case 'OPEN_IDS':
      return [...checkIsService(account, 'openIds'), ...checkOpenIds(audience.openIds)];
    case 'OPEN_IDS_FILE':
      return checkIsService(account, 'openIdsFile');
  }
}

const checkIsService = (account: AccountProfile | null, field: string): InputIssue[] =>
  when(
    account?.type === AccountType.SUBSCRIPTION,
    ['audience', field],
    'are not available to subscription accounts: WeChat sends to OpenIDs for service accounts only',
  );

function checkOpenIds(openIds: readonly string[]): InputIssue[] {
  const path = ['audience', 'openIds'];
  const issues = when(
    openIds.length < BATCH.min,
    path,
    `must be at least ${BATCH.min} OpenIDs, there are ${openIds.length}`,
  );
  const seen = new Map<string, number>();
  let more = 0;
  openIds.forEach((openId, index) => {
    const first = seen.get(openId);
    seen.set(openId, first ?? index);
    const repeated =
      first === undefined ? null : `repeats audience.openIds.${first}; every OpenID may stand once`;
    const wrong = openIdFault(openId) ?? repeated;
    if (wrong === null) return;
    if (issues.length < LISTED_ISSUES) issues.push(issue([...path, index], wrong));
    else more++;
  });
  return [...issues, ...when(more > 0, path, `has ${more} more that are wrong`)];
}
