import { articleDaily } from './bi-analytics-views.ts';
import { articles, copyrightResults } from './bi-article-views.ts';
import { campaigns, jobs } from './bi-send-views.ts';
import { calendar, events } from './bi-time-views.ts';
import type { BiView } from './bi-view.ts';

/** Every view for analysts. The migrations, the data dictionary and the tests are made from this list. */
export const biViews: readonly BiView[] = [
  campaigns,
  jobs,
  articles,
  articleDaily,
  copyrightResults,
  events,
  calendar,
];
