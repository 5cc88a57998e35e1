/** The part of the SDK that the tests call; it ships no types. */
declare module 'co-wechat-api' {
  type Answer = Promise<Record<string, unknown>>;

  export default class API {
    constructor(appId: string, appSecret: string);
    prefix: string;
    fileServerPrefix: string;
    getAccessToken(): Promise<{ accessToken: string; expireTime: number }>;
    uploadMedia(file: Buffer, type: string, filename: string, mime: string): Answer;
    uploadImage(path: string): Answer;
    uploadNews(news: { articles: object[] }): Answer;
    uploadMPVideo(video: object): Answer;
    massSendNews(mediaId: unknown, receivers: unknown, clientMsgId?: string, ignoreReprint?: number): Answer;
    massSendText(content: string, receivers: unknown, clientMsgId?: string): Answer;
    massSendVoice(mediaId: unknown, receivers: unknown, clientMsgId?: string): Answer;
    massSendImage(mediaId: unknown, receivers: unknown, clientMsgId?: string): Answer;
    massSendMPVideo(video: object, receivers: unknown, clientMsgId?: string): Answer;
    previewNews(openId: string, mediaId: unknown): Answer;
    previewText(openId: string, content: string): Answer;
    deleteMass(msgId: unknown): Answer;
    getMassMessageStatus(msgId: unknown): Answer;
    getTags(): Answer;
  }
}
