import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/postgres-tables.ts',
  out: './drizzle/postgres',
  casing: 'snake_case',
});
