import { builder } from './builder.ts';

export interface PageInfoShape {
  /** Looked for only where it is asked. */
  hasNextPage: () => boolean | Promise<boolean>;
  hasPreviousPage: () => boolean | Promise<boolean>;
  startCursor: string | null;
  endCursor: string | null;
}

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page lies in its list.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether older ones follow.',
      resolve: ({ hasNextPage }) => hasNextPage(),
    }),
    hasPreviousPage: t.boolean({
      description: 'Whether newer ones come before.',
      resolve: ({ hasPreviousPage }) => hasPreviousPage(),
    }),
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
