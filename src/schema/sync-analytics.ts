import { AnalyticsReport as Reports } from '../campaigns/analytics.ts';
import { builder } from './builder.ts';
import type { SyncedAnalytics } from './context.ts';

const AnalyticsReport = builder.enumType(Reports, {
  name: 'AnalyticsReport',
  description:
    "WeChat's reports: getarticlesummary, getarticletotal, getarticleread, getarticleshare, getbizsummary and getarticletotaldetail.",
});

const AnalyticsFailure = builder
  .objectRef<SyncedAnalytics['failures'][number]>('AnalyticsFailure')
  .implement({
    description: 'A report that WeChat did not give.',
    fields: (t) => ({
      day: t.expose('day', { type: 'Date', description: 'The day it is of.' }),
      report: t.expose('report', {
        type: AnalyticsReport,
        description: 'Which report.',
      }),
      message: t.exposeString('message', { description: "Why not, with WeChat's code in brackets." }),
    }),
  });

export const SyncAnalyticsSuccess = builder.objectRef<SyncedAnalytics>('SyncAnalyticsSuccess').implement({
  description: 'WeChat was asked. What it answered is stored.',
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'rows' in value,
  fields: (t) => ({
    days: t.exposeInt('days', {
      description:
        'Days of which WeChat answered all that the account may ask for. Fewer than asked for where a quota ended it.',
    }),
    calls: t.exposeInt('calls', { description: 'Calls to WeChat.' }),
    rows: t.exposeInt('rows', {
      description: 'Rows of figures that were written; the same again for a span that was fetched before.',
    }),
    failures: t.expose('failures', {
      type: [AnalyticsFailure],
      description: 'What WeChat did not give. After a used-up quota, or three in a row, it is left in peace.',
    }),
  }),
});
