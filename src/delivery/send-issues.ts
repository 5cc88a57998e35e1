import type { InputIssue } from '../campaigns/input-issue.ts';
import { checkMassSend, leavesAt, type MassSendRequest } from '../campaigns/mass-send-request.ts';
import { checkMaterials, type KnownMaterial, mediaIdsOf } from '../campaigns/material.ts';

/** What is known of materials by their ids. */
export type FindMaterials = (appId: string, mediaIds: readonly string[]) => Promise<KnownMaterial[]>;

/** Every rule that a send breaks. What it shows is looked up only where nothing else is wrong, as no database takes every text. */
export async function sendIssues(
  request: MassSendRequest,
  now: Date,
  findMaterials: FindMaterials,
): Promise<InputIssue[]> {
  const issues = checkMassSend(request, now);
  if (issues.length > 0) return issues;
  const { account, message, scheduledAt } = request;
  const known = await findMaterials(account.appId, mediaIdsOf(message));
  return checkMaterials(message, known, leavesAt(scheduledAt, now));
}
