function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

const OF_ONE_ACCOUNT = [
  'WECHAT_APP_ID',
  'WECHAT_APP_SECRET',
  'WECHAT_CALLBACK_TOKEN',
  'WECHAT_ACCOUNT_NAME',
  'WECHAT_ACCOUNT_TYPE',
  'WECHAT_ENCODING_AES_KEY',
  'WECHAT_ENCODING_AES_KEY_PREVIOUS',
  'CALLBACK_FORWARD_URL',
];

/** What is wrong with settings beside each other, though each alone may be right. */
export const unfitSettings = (set: Record<string, string | undefined>): string[] => [
  ...unfitHost(set),
  ...unfitAccount(set),
];

function unfitHost({ HOST, API_KEYS, API_KEYS_FILE }: Record<string, string | undefined>): string[] {
  if (API_KEYS || API_KEYS_FILE || !HOST || isLoopback(HOST)) return [];
  return [
    'HOST: without API keys the gateway is open to whoever reaches it, so it starts on a loopback address only',
  ];
}

/** A real account needs all three, the sandbox none; a file of accounts has its own, and nobody could tell which ones count. */
function unfitAccount(set: Record<string, string | undefined>): string[] {
  const needed = ['WECHAT_APP_ID', 'WECHAT_APP_SECRET', 'WECHAT_CALLBACK_TOKEN'];
  const present = OF_ONE_ACCOUNT.filter((name) => set[name]);
  if (set.WECHAT_ACCOUNTS_FILE)
    return present.map(
      (name) => `${name}: must not be set beside WECHAT_ACCOUNTS_FILE, which names the accounts`,
    );
  const [trigger] = present;
  if (!trigger) return [];
  return needed
    .filter((name) => !set[name])
    .map(
      (name) =>
        `${name}: missing; ${trigger} is set, and a real account needs app id, secret and callback token`,
    );
}
