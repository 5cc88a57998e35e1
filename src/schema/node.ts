import { builder } from './builder.ts';

export const Node = builder.interfaceRef<{ id: string }>('Node').implement({
  description: 'Whatever has an id of its own and can be asked for by it.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'Unique among all nodes of this gateway.' }) }),
});
