/** The header of a key, and its connection parameter. */
export const bearer = (secret: string): { authorization: string } => ({ authorization: `Bearer ${secret}` });
