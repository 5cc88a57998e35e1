export const ACCOUNTS = `query { accounts { name sandbox tags { id name followers } } }`;

export const UPLOAD_IMAGE = `mutation ($file: File!) {
  uploadImage(file: $file) { ... on UploadedImage { url } ... on Error { message } }
}`;

export const UPLOAD_THUMB = `mutation ($file: File!) {
  uploadMedia(type: THUMB, file: $file) { ... on UploadedMedia { mediaId } ... on Error { message } }
}`;

export const UPLOAD_NEWS = `mutation ($articles: [ArticleInput!]!) {
  uploadNews(articles: $articles) { ... on UploadedMedia { mediaId } ... on Error { message } }
}`;

export const PREVIEW = `mutation ($mediaId: ID!) {
  preview(input: { to: { wxName: "wx_editor" }, message: { mpnews: { mediaId: $mediaId } } }) {
    ... on PreviewSuccess { msgId } ... on Error { message }
  }
}`;

export const SEND = `mutation ($key: String!, $tagId: Int!, $mediaId: ID!) {
  massSend(input: {
    idempotencyKey: $key
    audience: { tagId: $tagId }
    message: { mpnews: { mediaId: $mediaId } }
    sendIgnoreReprint: true
    label: "Spring issue"
  }) {
    ... on MassSendSuccess { campaign { id status msgId msgDataId } }
    ... on Error { message }
  }
}`;

export const EVENTS = `subscription ($after: ID!, $campaign: ID!) {
  events(after: $after, campaign: $campaign) {
    id at __typename
    ... on SendJobChanged { status }
    ... on MassSendJobFinished {
      rawStatus counts { total eligible sent failed }
      copyrightCheck { state results { articleIndex canReprint originalArticleUrl } }
    }
  }
}`;

export const CAMPAIGN = `query ($id: ID!) {
  campaign(id: $id) {
    label status messageType msgId msgDataId
    audience { kind tagId recipients }
    counts { total eligible sent failed }
    articles { index title author url analyticsMsgId copyright { canReprint originalArticleUrl } }
    copyrightCheck { state }
    createdAt submittedAt finishedAt
  }
}`;
