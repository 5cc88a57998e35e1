import type { Handler } from './endpoint.ts';
import { readFields } from './json-fields.ts';
import { Refusal, refuseIf } from './refusal.ts';
import { isLevel } from './speed.ts';

/** `speed/get`: a POST whose body, if there is one, says nothing. */
export const getSpeed: Handler = (_request, { speed }) => speed.show();

/** `speed/set` */
export const setSpeed: Handler = ({ body }, { speed }) => {
  const { speed: level } = readFields(body);
  refuseIf(level === undefined || level === null, 45084);
  if (!isLevel(level)) throw new Refusal(45083);
  speed.set(level);
  return { errcode: 0, errmsg: 'ok' };
};
