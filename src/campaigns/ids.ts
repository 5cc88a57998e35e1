import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';

export interface Ids {
  /** `<prefix>_<time><chance>`: sorts by time and says what it is the id of. */
  next(prefix: string): string;
}

const TIME_CHARACTERS = 9;

export const createIds = (clock: Clock): Ids => ({
  next(prefix) {
    const time = clock.now().getTime().toString(36).padStart(TIME_CHARACTERS, '0');
    return `${prefix}_${time}${randomBytes(10).toString('hex')}`;
  },
});
