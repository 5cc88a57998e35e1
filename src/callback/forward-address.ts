import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;

/** The part of IPv6 that is routed in public. */
const GLOBAL = ipaddr.parseCIDR('2000::/3');

/** Everything that is set apart for some purpose is refused, and so is what carries another address inside (mapped, NAT64, 6to4). */
const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL));

/**
 * Which addresses pushes may be passed on to: public ones, and those that are allowed by name or by network.
 * @param allowed host names, addresses, and networks like `10.0.0.0/8`
 */
export const createAddressRule = (allowed: readonly string[]) => {
  const names = new Set(allowed.map(plainName));
  const networks = allowed.flatMap((entry) => {
    if (ipaddr.isValidCIDR(entry)) return [ipaddr.parseCIDR(entry)];
    if (!ipaddr.isValid(entry)) return [];
    const address = ipaddr.parse(entry);
    return [[address, address.kind() === 'ipv4' ? 32 : 128] as [Address, number]];
  });

  return (host: string, text: string): boolean => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.parse(text);
    const isOf = ([network, bits]: [Address, number]) =>
      network.kind() === address.kind() && address.match(network, bits);
    return isPublic(address) || names.has(plainName(host)) || networks.some(isOf);
  };
};

const plainName = (host: string): string => host.toLowerCase().replace(/\.$/, '');
