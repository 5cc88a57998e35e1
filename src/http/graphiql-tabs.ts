const tab = (query: string, variables?: object) => ({
  query: query.trim(),
  variables: variables ? JSON.stringify(variables, null, 2) : null,
});

/** Ready to be run from top to bottom: upload, send, watch, query. */
export const graphiqlTabs = [
  tab(
    `
# 1. Upload. Get a thumbnail's media id first: uploadMedia takes a file, which GraphiQL cannot send. npm run demo does it all.
mutation Upload($thumb: ID!) {
  uploadNews(articles: [{ title: "Happy Day", thumbMediaId: $thumb, content: "<p>Hello, followers.</p>", author: "qunfa" }]) {
    ... on UploadedMedia { mediaId createdAt }
    ... on Error { message }
  }
}`,
    { thumb: 'media id of a thumbnail' },
  ),
  tab(`
# 2. Send a text to a tag. Run it twice: the same key sends once.
mutation Send {
  massSend(input: {
    idempotencyKey: "my first send"
    audience: { tagId: 2 }
    message: { text: { content: "Hello, followers." } }
    label: "A first try"
  }) {
    ... on MassSendSuccess { replayed campaign { id status msgId } }
    ... on WechatError { message errcode rid retryable }
    ... on InvalidInputError { issues { path message } }
    ... on QuotaExceededError { message quota { kind limit used resetAt } }
    ... on IdempotencyConflictError { message }
  }
}`),
  tab(`
# 3. Watch, from the first event there is.
subscription Watch {
  events(after: "0") {
    __typename id at
    campaign { id label status }
    ... on SendJobChanged { status job { msgId failure { reason } } }
    ... on MassSendJobFinished { msgId rawStatus counts { total eligible sent failed } copyrightCheck { state } }
  }
}`),
  tab(`
# 4. Query.
query Campaigns {
  campaigns(first: 20) {
    totalCount
    nodes {
      id label status messageType msgId msgDataId createdAt finishedAt
      audience { kind tagId recipients }
      counts { total eligible sent failed }
      articles { index title url analyticsMsgId copyright { canReprint originalArticleUrl } }
      copyrightCheck { state }
      failure { code reason }
    }
    pageInfo { hasNextPage endCursor }
  }
  accounts { name sandbox tags { id name followers } speed { level recipientsPerMinute } quotas { kind remaining resetAt } }
}`),
];
