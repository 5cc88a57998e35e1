const tab = (query: string) => ({ query: query.trim() });

/** Ready to be run from left to right: upload, send, watch, query. */
export const graphiqlTabs = [
  tab(`
# 1. Upload two articles. "sandbox_thumb" is a thumbnail that the sandbox has from the start;
#    for a real account, uploadMedia(type: THUMB, file: ...) answers one.
mutation Upload {
  uploadNews(
    articles: [
      { title: "Happy Day", thumbMediaId: "sandbox_thumb", content: "<p>Hello, followers.</p>" }
      { title: "The first tea", thumbMediaId: "sandbox_thumb", content: "<p>第一杯春茶，是写给山里的一封回信。</p>" }
    ]
  ) {
    ... on UploadedMedia { mediaId type createdAt }
    ... on InvalidInputError { issues { path message } }
    ... on WechatError { message errcode }
  }
}`),
  tab(`
# 2. Send a text to a tag. Run it twice: the same key sends once.
mutation Send {
  massSend(input: {
    idempotencyKey: "my first send"
    audience: { tagId: 2 }
    message: { text: { content: "Hello, followers." } } # or { mpnews: { mediaId: "from tab 1" } }
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
