import { builder } from './builder.ts';

export interface PageInfoShape {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page lies in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether older ones follow.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether newer ones come before.' }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'Of the first on the page. Null on an empty one.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'Of the last on the page. Null on an empty one.',
    }),
  }),
});
