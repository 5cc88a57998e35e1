import { postgresKit } from './postgres-columns.ts';
import { createTables } from './tables.ts';

// One by one, because the migration generator reads exports.
export const {
  campaigns,
  jobs,
  jobRequests,
  stagedRequests,
  jobArticles,
  copyrightResults,
  materials,
  materialArticles,
  pushes,
  plainSignatures,
  events,
  calls,
  exhaustedQuotas,
  previews,
  accessTokens,
  instance,
  articleDaily,
  articleDailySources,
  accountDaily,
  analyticsAnswers,
  audit,
} = createTables(postgresKit);
