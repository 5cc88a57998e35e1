import type { InputIssue } from '../campaigns/input-issue.ts';
import { checkMassSend, leavesAt, type MassSendRequest } from '../campaigns/mass-send-request.ts';
import { checkMaterials, type KnownMaterial, mediaIdsOf } from '../campaigns/material.ts';

/** What is known of materials by their ids. */
export type FindMaterials = (appId: string, mediaIds: readonly string[]) => Promise<KnownMaterial[]>;

/** Every rule that a send breaks. */
export async function sendIssues(
  request: MassSendRequest,
  now: Date,
  findMaterials: FindMaterials,
): Promise<InputIssue[]> {
  const { account, message, scheduledAt } = request;
  const known = await findMaterials(account.appId, mediaIdsOf(message));
  return [...checkMassSend(request, now), ...checkMaterials(message, known, leavesAt(scheduledAt, now))];
}
