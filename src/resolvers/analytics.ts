import { Scope } from '../access/scope.ts';
import { checkSpan } from '../campaigns/analytics-span.ts';
import { ArticleStats } from '../schema/article.ts';
import { badUserInput, refuseBrokenText } from '../schema/bad-user-input.ts';
import { builder } from '../schema/builder.ts';
import { needs } from '../schema/needs.ts';
import { SyncAnalyticsResult } from '../schema/results.ts';
import { accountArgument, accountOrBadInput } from './account-argument.ts';

const MOST_ARTICLES = 100;

builder.queryField('articleStats', (t) =>
  t.field({
    type: [ArticleStats],
    description:
      "WeChat's analytics of articles, in the order asked for. What nothing is known of has no days and null totals.",
    complexity: ({ analyticsMsgIds }) => ({ multiplier: analyticsMsgIds.length }),
    args: {
      analyticsMsgIds: t.arg.idList({
        required: true,
        description: 'Their keys, "<msgDataId>_<index>": at most 100.',
      }),
      account: t.arg.id({ description: 'The app id. May be left out where one account is configured.' }),
    },
    resolve: (_, { analyticsMsgIds, account }, ctx) => {
      refuseBrokenText({ analyticsMsgIds });
      if (analyticsMsgIds.length > MOST_ARTICLES)
        throw badUserInput(`analyticsMsgIds must be at most ${MOST_ARTICLES}`);
      const { appId } = accountOrBadInput(ctx, account);
      return analyticsMsgIds.map((articleMsgid) => ({ appId, articleMsgid }));
    },
  }),
);

builder.mutationField('syncAnalytics', (t) =>
  t.field({
    type: SyncAnalyticsResult,
    extensions: needs(Scope.ADMIN),
    description:
      "Fetches WeChat's article analytics of these days, whatever is known of them, and answers when it is done: some six calls a day of the span. The gateway does it on its own every morning after eight in Beijing, for days missed in the last 30.",
    args: {
      from: t.arg({ type: 'Date', required: true, description: 'The first day.' }),
      to: t.arg({
        type: 'Date',
        required: true,
        description: 'The last day: yesterday in Beijing at most, and at most 31 days in all.',
      }),
      account: t.arg.id({ description: 'The app id. May be left out where one account is configured.' }),
    },
    resolve: (_, { from, to, account }, ctx) => {
      const { appId } = accountArgument(ctx, account, checkSpan(from, to, ctx.clock.now()));
      return ctx.analytics.sync(appId, from, to);
    },
  }),
);
