import type { CampaignQuery } from './campaign-conditions.ts';

/** A place between two campaigns in the order of time. */
export interface CampaignPosition {
  createdAt: Date;
  id: string;
}

interface Bound extends CampaignPosition {
  inclusive: boolean;
}

export interface Bounds {
  upper?: Bound;
  lower?: Bound;
}

/** With the span of time that is asked for. An index is gone through from one bound to one other: two on a side, and it takes the first. */
export function narrowed({ createdFrom, createdTo }: CampaignQuery, { upper, lower }: Bounds): Bounds {
  const to = createdTo && (!upper || createdTo <= upper.createdAt);
  const from = createdFrom && (!lower || createdFrom > lower.createdAt);
  const top = to ? { createdAt: createdTo, id: '', inclusive: false } : upper;
  const bottom = from ? { createdAt: createdFrom, id: '', inclusive: true } : lower;
  return { upper: top, lower: bottom };
}
