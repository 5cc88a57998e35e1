import {
  type CopyrightCheck as Check,
  CopyrightState as CopyrightStates,
  type CopyrightResult as Result,
} from '../campaigns/delivery-result.ts';
import { builder } from './builder.ts';

export const CopyrightState = builder.enumType('CopyrightState', {
  description: 'What WeChat found when it compared the articles with the originals it knows (CheckState).',
  values: {
    [CopyrightStates.NOT_CHECKED]: { description: 'There was nothing to check (0).' },
    [CopyrightStates.NOT_REPRINT]: { description: 'No reprint; it can be sent (1).' },
    [CopyrightStates.REPRINT_ALLOWED]: {
      description: 'A reprint that its author allows; it can be sent (2).',
    },
    [CopyrightStates.REPRINT_FORBIDDEN]: {
      description: 'A reprint that its author forbids; it cannot be sent (3).',
    },
  } as const,
});

export const CopyrightResult = builder.objectRef<Result>('CopyrightResult').implement({
  description:
    'What WeChat found for one article. Numbers without a documented meaning are passed on as they came; null is what it did not give.',
  fields: (t) => ({
    articleIndex: t.exposeInt('articleIndex', { description: 'Position of the article, from 1.' }),
    userDeclareState: t.exposeInt('userDeclareState', {
      nullable: true,
      description: 'What the account declared of the article.',
    }),
    auditState: t.exposeInt('auditState', { nullable: true, description: "WeChat's verdict." }),
    originalArticleUrl: t.exposeString('originalArticleUrl', {
      nullable: true,
      description: 'The original that it resembles.',
    }),
    originalArticleType: t.exposeInt('originalArticleType', {
      nullable: true,
      description: 'The kind of that original.',
    }),
    canReprint: t.exposeBoolean('canReprint', {
      nullable: true,
      description: 'Whether its author allows reprints.',
    }),
    needReplaceContent: t.exposeBoolean('needReplaceContent', {
      nullable: true,
      description: "Whether the content is replaced with the original's.",
    }),
    needShowReprintSource: t.exposeBoolean('needShowReprintSource', {
      nullable: true,
      description: 'Whether the source is shown to readers.',
    }),
  }),
});

export const CopyrightCheck = builder.objectRef<Check>('CopyrightCheck').implement({
  description: 'The copyright check of one job.',
  fields: (t) => ({
    state: t.expose('state', {
      type: CopyrightState,
      description: 'The verdict over all articles.',
    }),
    results: t.expose('results', {
      type: [CopyrightResult],
      description:
        'One for each article that WeChat reports on; it leaves out those it has nothing to say of.',
    }),
  }),
});
