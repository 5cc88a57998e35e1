import { QuotaKind as QuotaKinds, type Quota as QuotaShape } from '../campaigns/quota.ts';
import { builder } from './builder.ts';

const QuotaKind = builder.enumType('QuotaKind', {
  description: 'What is limited.',
  values: {
    [QuotaKinds.SEND_CALLS_PER_MINUTE]: {
      description: 'Calls that send, in any sixty seconds: more are held back.',
    },
    [QuotaKinds.SEND_CALLS_PER_DAY]: { description: 'Calls that send, in a day.' },
    [QuotaKinds.SENDS_TO_ALL]: {
      description: 'Sends to all followers, in a day or in a month: `resetAt` tells which.',
    },
    [QuotaKinds.PREVIEWS_PER_DAY]: { description: 'Previews by WeChat name, in a day.' },
  } as const,
});

export const Quota = builder.objectRef<QuotaShape>('Quota').implement({
  description:
    "One of an account's quotas, as far as this gateway knows: of what was sent elsewhere it learns only where WeChat says that nothing is left. Days and months are Beijing's.",
  fields: (t) => ({
    kind: t.expose('kind', { type: QuotaKind, description: 'What is limited.' }),
    limit: t.exposeInt('limit', { description: 'How many the account may have.' }),
    used: t.exposeInt('used', {
      description:
        'How many it has had, those on their way included. In a day or a month a job counts once, however often it is repeated; in a minute every call does. The limit, once WeChat has said that nothing is left.',
    }),
    remaining: t.exposeInt('remaining', { description: 'How many are left.' }),
    resetAt: t.expose('resetAt', {
      type: 'DateTime',
      description: 'When it begins anew.',
    }),
  }),
});
