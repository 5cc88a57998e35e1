import { type CopyrightCheck, type CopyrightResult, CopyrightState } from '../campaigns/delivery-result.ts';
import { isRecord, type PushRecord, textOf, wholeNumberOf } from './push-record.ts';
import { articleIndexOf, itemsOf } from './result-list.ts';

/** The `CopyrightCheckResult` of a MASSSENDJOBFINISH; null when it is missing or holds only white space. */
export const copyrightCheckOf = (push: PushRecord): CopyrightCheck | null => {
  const check = push.CopyrightCheckResult;
  if (!isRecord(check)) return null;
  const results = itemsOf(check).map(toResult);
  return { state: stateOf(textOf(check, 'CheckState')?.trim() ?? '', results), results };
};

const STATES = new Map<string, CopyrightState>([
  ['', CopyrightState.NOT_CHECKED],
  ['0', CopyrightState.NOT_CHECKED],
  ['1', CopyrightState.NOT_REPRINT],
  ['2', CopyrightState.REPRINT_ALLOWED],
  ['3', CopyrightState.REPRINT_FORBIDDEN],
]);

/**
 * A state that WeChat adds one day still means that something was checked. The findings for the articles then decide:
 * one that resembles an original is a reprint, and one that may not be reprinted forbids them all.
 */
const stateOf = (checkState: string, results: CopyrightResult[]): CopyrightState => {
  const known = STATES.get(checkState);
  if (known !== undefined) return known;
  const reprints = results.filter((result) => result.originalArticleUrl !== null);
  if (reprints.length === 0) return CopyrightState.NOT_REPRINT;
  return reprints.some((result) => result.canReprint === false)
    ? CopyrightState.REPRINT_FORBIDDEN
    : CopyrightState.REPRINT_ALLOWED;
};

const toResult = (item: PushRecord, position: number): CopyrightResult => ({
  articleIndex: articleIndexOf(item, position),
  userDeclareState: wholeNumberOf(item, 'UserDeclareState'),
  auditState: wholeNumberOf(item, 'AuditState'),
  originalArticleUrl: textOf(item, 'OriginalArticleUrl')?.trim() || null,
  originalArticleType: wholeNumberOf(item, 'OriginalArticleType'),
  canReprint: flagOf(item, 'CanReprint'),
  needReplaceContent: flagOf(item, 'NeedReplaceContent'),
  needShowReprintSource: flagOf(item, 'NeedShowReprintSource'),
});

const flagOf = (item: PushRecord, field: string): boolean | null => {
  const flag = textOf(item, field)?.trim();
  if (flag === '1') return true;
  return flag === '0' ? false : null;
};
