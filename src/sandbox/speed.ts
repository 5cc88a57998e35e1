import type { Handler } from './endpoint.ts';
import { readFields } from './json-fields.ts';
import { Refusal, refuseIf } from './refusal.ts';

/** `realspeed` by level, in ten thousands a minute. */
const REAL_SPEEDS = [80, 60, 45, 30, 10];
const UNIT = 10_000;

export function createSpeed() {
  let level = 0;
  const realspeed = () => REAL_SPEEDS[level]!;
  return {
    show: () => ({ speed: level, realspeed: realspeed() }),
    recipientsPerMinute: () => realspeed() * UNIT,
    set(to: number) {
      level = to;
    },
  };
}

/** `speed/get`: a POST whose body, if there is one, says nothing. */
export const getSpeed: Handler = (_request, { speed }) => speed.show();

/** `speed/set` */
export const setSpeed: Handler = ({ body }, { speed }) => {
  const { speed: level } = readFields(body);
  refuseIf(level === undefined || level === null, 45084);
  if (typeof level !== 'number' || REAL_SPEEDS[level] === undefined) throw new Refusal(45083);
  speed.set(level);
  return { errcode: 0, errmsg: 'ok' };
};
