import { registerHooks } from 'node:module';

const LIBRARY = '/node_modules/drizzle-orm/';

// For every import inside drizzle-orm, Node reads through its package.json of 180 KB anew: half of the time that a gateway takes to
// load, and here one is loaded for every kill. The files are ES modules that name each other by path.
registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.') || !context.parentURL?.includes(LIBRARY)) return next(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
  },
});
