import { registerHooks } from 'node:module';

const LIBRARY = '/node_modules/drizzle-orm/';

// For every import inside drizzle-orm, Node reads through its package.json of 180 KB anew: most of the time that a script takes to
// start. The files are ES modules that name each other by path. It serves what is imported later, by `import()`.
registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.') || !context.parentURL?.includes(LIBRARY)) return next(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
  },
});
