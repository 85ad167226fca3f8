/** `@types/dns-packet` does not describe this file of the package. */
declare module 'dns-packet/types.js' {
  /** The name of a record type; `UNKNOWN_65280` where it has none. */
  export function toString(type: number): string;
}
