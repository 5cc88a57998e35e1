/** What an errcode means for the call that got it. */
export const ErrcodeClass = {
  /** The request may have been carried out: ask again with the same clientmsgid after a pause. */
  UNKNOWN: 'UNKNOWN',
  /** Not carried out; the same request may succeed after a pause. */
  LATER: 'LATER',
  /** Carried out before: the answer carries the msg_id of that job. */
  ACCEPTED: 'ACCEPTED',
  /** The access token is not valid any more. */
  TOKEN: 'TOKEN',
  /** A quota is used up until it resets. */
  QUOTA: 'QUOTA',
  /** An administrator has to confirm. */
  CONFIRMATION: 'CONFIRMATION',
  /** An administrator refused. */
  DENIED: 'DENIED',
  /** The account or the server's address is not set up for this call. */
  SETTINGS: 'SETTINGS',
  /** The request is wrong as it stands. */
  INPUT: 'INPUT',
} as const;
export type ErrcodeClass = (typeof ErrcodeClass)[keyof typeof ErrcodeClass];

type Row = readonly [errcode: number, reason: string];

// Reasons name the Chinese term in brackets, so that they can be looked up in WeChat's own pages.
const rows: Record<ErrcodeClass, readonly Row[]> = {
  UNKNOWN: [
    [-1, 'WeChat is busy (系统繁忙)'],
    [
      45066,
      'an earlier try with the same clientmsgid is still being worked on (相同 clientmsgid 重试速度过快)',
    ],
  ],
  LATER: [
    [42010, 'sends of this account follow each other too fast (群发过快)'],
    [45011, 'too many calls in this minute (API 调用太频繁)'],
    [45085, 'another send of this account is being worked on (相同内容群发进行中)'],
  ],
  ACCEPTED: [[45065, 'a send with the same clientmsgid exists (相同 clientmsgid 已存在群发记录)']],
  TOKEN: [
    [40001, 'the access token is not valid (access_token 无效)'],
    [40014, 'the access token is not valid (不合法的 access_token)'],
    [42001, 'the access token has expired (access_token 超时)'],
  ],
  QUOTA: [
    [45009, "the day's calls are used up (接口调用超过限额)"],
    [45028, 'the sends of this day or month are used up (群发次数已用完)'],
  ],
  CONFIRMATION: [
    [89501, 'the send waits for an administrator to confirm it (等待管理员确认)'],
    [89503, 'the call needs the confirmation of an administrator (需要管理员确认)'],
    [89504, 'an administrator has to confirm the call first (需要管理员确认)'],
    [89505, 'the send waits for an administrator to confirm it (等待管理员确认)'],
  ],
  DENIED: [
    [89506, 'an administrator refused the call; try again after 24 hours (管理员拒绝,24 小时后重试)'],
    [89507, 'an administrator refused the call; try again after an hour (管理员拒绝,1 小时后重试)'],
  ],
  SETTINGS: [
    [40002, 'the grant type is not valid (不合法的凭证类型)'],
    [40013, 'the app id is not valid (不合法的 AppID)'],
    [40125, 'the app secret is not valid (不合法的 AppSecret)'],
    [41002, 'the app id is missing (缺少 appid 参数)'],
    [41004, 'the app secret is missing (缺少 secret 参数)'],
    [40164, "this server's IP address is not on the account's list (调用接口的 IP 地址不在白名单中)"],
    [48001, 'the account may not use this API (api 功能未授权)'],
    [48002, 'the follower refuses messages of this kind (粉丝拒收消息)'],
    [48003, 'the agreement on mass sends is not accepted on the platform (未同意群发协议)'],
    [48004, 'the API is banned for this account (api 接口被封禁)'],
    [48008, 'the account may not send this kind of message (没有该类型消息的发送权限)'],
    [50001, 'the user has not authorised this API (用户未授权该 api)'],
    [50002, 'the account is restricted (用户受限)'],
    [61004, "this server's IP address is not registered (access clientip is not registered)"],
  ],
  INPUT: [
    [40003, 'an OpenID is not valid for this account (不合法的 OpenID)'],
    [40004, 'the type of the media file is not valid (不合法的媒体文件类型)'],
    [40005, 'the type of the file is not valid (不合法的文件类型)'],
    [40006, 'the size of the file is not valid (不合法的文件大小)'],
    [40007, 'the media id is not valid, has expired after 3 days or is of another kind (不合法的 media_id)'],
    [40008, 'the type of the message is not valid (不合法的消息类型)'],
    [40009, 'the size of the image is not valid (不合法的图片文件大小)'],
    [40010, 'the size of the voice file is not valid (不合法的语音文件大小)'],
    [40011, 'the size of the video is not valid (不合法的视频文件大小)'],
    [40012, 'the size of the thumbnail is not valid (不合法的缩略图文件大小)'],
    [40031, 'the list of OpenIDs is not valid (不合法的 openid 列表)'],
    [40032, 'the length of the list of OpenIDs is not valid (不合法的 openid 列表长度)'],
    [40033, 'the request holds characters that are not valid (不合法的请求字符)'],
    [40035, 'a parameter is not valid (不合法的参数)'],
    [40050, 'the tag or group id is not valid (不合法的分组 id)'],
    [40059, 'the msg_id is not valid (不合法的 msg_id)'],
    [40060, 'the number of the article is not valid (不合法的 article_idx)'],
    [40066, 'WeChat has no such API (不合法的 url)'],
    [40097, 'an argument is not valid (参数错误)'],
    [40118, 'the size of the media id is not valid (media_id 大小不合法)'],
    [40121, 'the type of the media id is not valid (不合法的 media_id 类型)'],
    [40130, 'fewer than two of the OpenIDs are followers (至少需要两个有效的 openid)'],
    [40132, 'the WeChat name is not known (不合法的微信号)'],
    [40137, 'the format of the image is not supported (不支持的图片格式)'],
    [40152, 'the filter of the audience is not valid (群发对象不合法)'],
    [41006, 'the media id is missing (缺少 media_id 参数)'],
    [41011, 'required fields are missing (缺少必填字段)'],
    [41040, 'the article is protected as an original and cannot be sent (未通过原创校验)'],
    [43004, 'the recipient does not follow the account (需要接收者关注)'],
    [44002, 'the request is empty (POST 的数据包为空)'],
    [44003, 'the news message is empty (图文消息内容为空)'],
    [44004, 'the text message is empty (文本消息内容为空)'],
    [45001, 'the media file is too large (多媒体文件大小超过限制)'],
    [45002, 'the content of the message is too long (消息内容超过限制)'],
    [45003, 'the title or the content is too long (标题字段超过限制)'],
    [45004, 'the digest is too long (描述字段超过限制)'],
    [45005, 'a link is too long (链接字段超过限制)'],
    [45006, 'the link of an image is too long (图片链接字段超过限制)'],
    [45007, 'the voice message is longer than 60 seconds (语音播放时间超过限制)'],
    [45008, 'the news message has too many articles (图文消息超过限制)'],
    [45021, 'a field is too long (字段超过长度限制)'],
    [45052, 'the title or the content of the video is not valid (视频消息不合法)'],
    [45064, 'mini-programs cannot be used in this message (无权限插入小程序)'],
    [45067, 'the clientmsgid is too long (clientmsgid 长度超过限制)'],
    [45083, 'the speed must be 0 to 4 (speed 参数不在 0 到 4 的范围内)'],
    [45084, 'the speed is missing (没有设置 speed 参数)'],
    [45086, 'the recommendation text is not valid (推荐语不合法)'],
    [45159, 'the tag id is not valid (非法的标签)'],
    [45166, 'the content of the article is not valid (文章内容不合法)'],
    [47001, 'the request cannot be read (解析 JSON/XML 内容错误)'],
    [48013, 'the video does not come from uploadvideo (视频未经 uploadvideo 处理)'],
    [61500, 'the date is not valid (日期格式错误)'],
    [61501, 'the span of dates is not valid (日期范围错误)'],
    [87014, 'the content breaks the rules of the platform (内容含有违法违规内容)'],
    [88000, 'comments are not available to this account (没有留言权限)'],
  ],
};

const known = new Map(
  Object.entries(rows).flatMap(([kind, list]) =>
    list.map(([errcode, reason]) => [errcode, { kind: kind as ErrcodeClass, reason }] as const),
  ),
);

/** Whether it is documented what the code means. */
export const isKnownErrcode = (errcode: number): boolean => known.has(errcode);

/** An unknown code is shown as it came and never retried. */
export const errcodeMeaning = (errcode: number): { kind: ErrcodeClass; reason: string } =>
  known.get(errcode) ?? { kind: ErrcodeClass.INPUT, reason: `WeChat refused with the code ${errcode}` };

const worthRepeating: ReadonlySet<ErrcodeClass> = new Set([
  'UNKNOWN',
  'LATER',
  'QUOTA',
  'CONFIRMATION',
  'DENIED',
]);

/** Whether the same call, unchanged, can succeed later. */
export const isRetryable = (errcode: number): boolean => worthRepeating.has(errcodeMeaning(errcode).kind);
