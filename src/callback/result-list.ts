import { isRecord, type PushRecord, wholeNumberOf } from './push-record.ts';

/** The items of a `ResultList`, in XML below `item`, in JSON also the array itself; none when it is missing or empty. */
export const itemsOf = (parent: PushRecord): PushRecord[] => {
  const list = parent.ResultList;
  const items = isRecord(list) ? list.item : list;
  if (Array.isArray(items)) return items.filter(isRecord);
  return isRecord(items) ? [items] : [];
};

/** Counted from 1. An item that does not say where it belongs is taken to stand in its place in the list. */
export const articleIndexOf = (item: PushRecord, position: number): number =>
  wholeNumberOf(item, 'ArticleIdx') || position + 1;
