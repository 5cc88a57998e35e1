import { randomBytes } from 'node:crypto';

export interface Ids {
  /** `<prefix>_<time><chance>`: sorts by time and says what it is the id of. */
  next(prefix: string): string;
}

const TIME_CHARACTERS = 9;

export const createIds = (now: () => Date): Ids => ({
  next(prefix) {
    const time = now().getTime().toString(36).padStart(TIME_CHARACTERS, '0');
    return `${prefix}_${time}${randomBytes(10).toString('hex')}`;
  },
});
