import { type AccountProfile, AccountType as AccountTypes } from '../campaigns/account.ts';
import { quotaRules } from '../campaigns/quota.ts';
import type { MassSpeed as MassSpeedShape } from '../campaigns/speed.ts';
import { askingWechat, askWechat } from './ask-wechat.ts';
import { builder } from './builder.ts';
import type { Account as AccountShape } from './context.ts';
import { FAR_LOOK } from './cost.ts';
import { Node } from './node.ts';
import { Quota } from './quota.ts';

const AccountType = builder.enumType(AccountTypes, {
  name: 'AccountType',
  description:
    'SUBSCRIPTION (公众号, formerly 订阅号) or SERVICE (服务号): they differ in their quotas, and only service accounts send to OpenIDs.',
});

export const MassSpeed = builder.objectRef<MassSpeedShape>('MassSpeed').implement({
  description: 'How fast WeChat delivers mass sends of the account.',
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'recipientsPerMinute' in value,
  fields: (t) => ({
    level: t.exposeInt('level', { description: '0 to 4; the larger the slower.' }),
    recipientsPerMinute: t.exposeInt('recipientsPerMinute', {
      description: 'Recipients a minute at this level.',
    }),
  }),
});

const Tag = builder.objectRef<{ id: number; name: string; followers: number }>('Tag').implement({
  description: 'A tag of followers, to be used as an audience.',
  fields: (t) => ({
    id: t.exposeInt('id', {
      description:
        'What goes into `audience.tagId`. Each account numbers its own: where a cache tells objects by `id`, ask for it under another name.',
    }),
    name: t.exposeString('name', { description: 'Its name on the platform.' }),
    followers: t.exposeInt('followers', { description: 'How many followers carry it.' }),
  }),
});

export const Account = builder.objectRef<AccountShape>('Account');
Account.implement({
  description: 'A WeChat Official Account that this gateway sends for.',
  interfaces: [Node],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'limits' in value,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Unique among all nodes of this gateway.' }),
    appId: t.exposeID('appId', {
      description: 'The app id of the platform: what goes into `account` arguments.',
    }),
    name: t.exposeString('name', {
      description: 'The name it was configured with; the app id where none was.',
    }),
    type: t.expose('type', {
      type: AccountType,
      description: 'What kind of account it is.',
    }),
    sandbox: t.exposeBoolean('sandbox', {
      description: 'True while it talks to the built-in WeChat sandbox: nothing reaches anybody.',
    }),
    speed: t.field({
      type: MassSpeed,
      complexity: FAR_LOOK,
      extensions: askingWechat,
      description: 'Asks WeChat (message/mass/speed/get).',
      resolve: ({ appId }, _, ctx) => askWechat(() => ctx.wechat(appId).speed()),
    }),
    tags: t.field({
      type: [Tag],
      complexity: FAR_LOOK,
      extensions: askingWechat,
      description: 'Asks WeChat (tags/get).',
      resolve: ({ appId }, _, ctx) => askWechat(() => ctx.wechat(appId).tags()),
    }),
    quotas: t.field({
      type: [Quota],
      description: 'What is left to send at this moment.',
      resolve: ({ appId, limits }, _, ctx) => ctx.quotas.quotas(appId, quotaRules(limits, ctx.clock.now())),
    }),
  }),
});

/** An account as the schema has it, without its secrets. */
export const describeAccount = (
  { appId, name, type, limits }: AccountProfile,
  sandbox: boolean,
): AccountShape => ({ id: `acc_${appId}`, appId, name, type, limits, sandbox });
