import { isIP } from 'node:net';
import { list } from './settings.ts';

const HOST = /^(?:[a-z\d_](?:[a-z\d_-]*[a-z\d_])?)(?:\.[a-z\d_](?:[a-z\d_-]*[a-z\d_])?)*\.?$/i;

/** `10.0.0.0/8`, `fd00::/8`, an address, or the name of a host. */
const isDestination = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  if (more.length > 0) return false;
  const family = isIP(address);
  if (bits === undefined) return family !== 0 || (HOST.test(address) && !/^[\d.]+$/.test(address));
  return family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
};

export const forwardAllow = list
  .refine(
    (entries) => entries.every(isDestination),
    'must be host names, addresses or networks like 10.0.0.0/8, separated by commas',
  )
  .default([]);
