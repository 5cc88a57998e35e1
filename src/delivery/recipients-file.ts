import { createHash } from 'node:crypto';
import { LISTED_ISSUES } from '../campaigns/audience.ts';
import { BATCH, batchSizes } from '../campaigns/batches.ts';
import { type InputIssue, isBlank, issue } from '../campaigns/input-issue.ts';
import {
  createRepeatSuspicion,
  isOpenId,
  LongLineError,
  linesOf,
  OPEN_ID_RULE,
} from '../campaigns/open-ids.ts';

const PATH = ['audience', 'openIdsFile'];

export interface ReadRecipients {
  /** Of all OpenIDs in their order: two files with the same one ask for the same. */
  sha256: string;
  issues: InputIssue[];
}

/**
 * Reads a file of OpenIDs, one a line, and gives them out in batches. Holds little more than a batch and eight bytes for each
 * OpenID, however long the file is.
 * @param emit takes a batch; `isOnly` tells that there is no other
 * @param wasEmitted whether an OpenID is in a batch that was given out
 */
export async function readRecipients(
  chunks: AsyncIterable<Uint8Array>,
  emit: (batch: string[], isOnly: boolean) => Promise<void>,
  wasEmitted: (openId: string) => Promise<boolean>,
): Promise<ReadRecipients> {
  const hash = createHash('sha256');
  const suspicion = createRepeatSuspicion();
  const issues: InputIssue[] = [];
  let unlisted = 0;
  let line = 0;
  let count = 0;
  let held: string[] = [];

  function complain(what: string): void {
    if (issues.length < LISTED_ISSUES) issues.push(issue(PATH, `line ${line} ${what}`));
    else unlisted++;
  }

  async function take(openId: string): Promise<void> {
    line++;
    // Of every line, good or bad: a file with other mistakes is another input.
    hash.update(`${openId}\n`);
    if (isBlank(openId)) return complain('is blank');
    if (!isOpenId(openId)) return complain(`is no OpenID (${OPEN_ID_RULE}); one stands on a line`);
    const isListing = issues.length < LISTED_ISSUES;
    if (suspicion.isSuspect(openId) && (!isListing || held.includes(openId) || (await wasEmitted(openId)))) {
      return complain('repeats an OpenID of an earlier line; every OpenID may stand once');
    }
    count++;
    held.push(openId);
    // With two more than a batch at hand, the rest cannot end up with one. What is wrong anyway is not given out.
    if (held.length < BATCH.max + BATCH.min) return;
    if (issues.length === 0) await emit(held.slice(0, BATCH.max), false);
    held = held.slice(BATCH.max);
  }

  try {
    for await (const lines of linesOf(chunks)) for (const openId of lines) await take(openId);
  } catch (error) {
    const isLong = error instanceof LongLineError;
    if (!isLong && !(error instanceof TypeError)) throw error;
    hash.update(isLong ? 'a long line' : 'not text');
    issues.push(
      issue(
        PATH,
        isLong ? `line ${line + 1} does not end; one OpenID stands on a line` : 'is not text in UTF-8',
      ),
    );
  }
  if (unlisted > 0) issues.push(issue(PATH, `has ${unlisted} more lines that are wrong`));
  if (issues.length === 0 && count < BATCH.min)
    issues.push(issue(PATH, `must name at least ${BATCH.min} OpenIDs`));
  if (issues.length === 0) {
    const isOnly = held.length === count;
    for (const size of batchSizes(held.length)) {
      await emit(held.splice(0, size), isOnly && held.length === 0 && size === count);
    }
  }
  return { sha256: hash.digest('hex'), issues };
}
