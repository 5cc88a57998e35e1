import { AudienceKind as AudienceKinds } from '../campaigns/audience.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import { builder } from './builder.ts';

const AudienceKind = builder.enumType(AudienceKinds, {
  name: 'AudienceKind',
  description: 'Whom it is sent to.',
});

export const Audience = builder.objectRef<Campaign>('Audience').implement({
  description: 'Whom a campaign is sent to.',
  fields: (t) => ({
    kind: t.expose('audienceKind', {
      type: AudienceKind,
      description: 'Everybody, a tag, or a list.',
    }),
    tagId: t.exposeInt('tagId', { nullable: true, description: 'The tag. Null unless the kind is TAG.' }),
    recipients: t.exposeInt('recipients', {
      nullable: true,
      description: 'How many. Null for ALL and TAG until the result event tells.',
    }),
  }),
});
