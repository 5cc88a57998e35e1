import { AudienceKind } from '../campaigns/audience.ts';
import type { Ids } from '../campaigns/ids.ts';
import type { InputIssue } from '../campaigns/input-issue.ts';
import { checkClientMsgId, type MassSendRequest } from '../campaigns/mass-send-request.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';
import { jobOf, jobsOf } from './jobs.ts';
import { readRecipients } from './recipients-file.ts';

export interface Plan {
  issues: InputIssue[];
  /** What would go to WeChat, to the byte; none where rules are broken. */
  requests: FrozenRequest[];
  /** Null for a tag and for everybody. */
  openIds: string[] | null;
}

/**
 * What a send would be, without storing or sending anything.
 * @param issues every rule that it breaks but those of a file, which is read here
 */
export async function planSend(request: MassSendRequest, issues: InputIssue[], ids: Ids): Promise<Plan> {
  const { audience } = request;
  if (audience.kind !== 'OPEN_IDS_FILE') {
    const openIds = audience.kind === AudienceKind.OPEN_IDS ? [...audience.openIds] : null;
    return finish(issues, openIds, () => jobsOf(request, audience, ids));
  }
  const batches: string[][] = [];
  const isEmitted = async (openId: string) => batches.some((batch) => batch.includes(openId));
  const read = await readRecipients(audience.chunks, async (batch) => void batches.push(batch), isEmitted);
  return finish([...issues, ...read.issues], batches.flat(), () =>
    batches.map((openIds, index) =>
      jobOf(request, { kind: AudienceKind.OPEN_IDS, openIds }, index, batches.length === 1, ids),
    ),
  );
}

function finish(
  issues: InputIssue[],
  openIds: string[] | null,
  makeJobs: () => ReturnType<typeof jobsOf>,
): Plan {
  if (issues.length > 0) return { issues, requests: [], openIds };
  const jobs = makeJobs();
  const named = checkClientMsgId(jobs.at(-1)?.clientMsgId ?? '');
  return { issues: named, requests: named.length > 0 ? [] : jobs.map(({ request }) => request), openIds };
}
