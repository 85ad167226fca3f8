/** By number, as the DNS parameters registry of IANA has them; the header has room for 16. */
const names = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE'];

/** The name of an rcode: `RCODE11` where it has none. */
export const rcodeName = (rcode: number): string => names[rcode] ?? `RCODE${rcode}`;
