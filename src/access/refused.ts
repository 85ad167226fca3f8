/**
 * Why an order was not accepted. `forged`: none of the secrets signed this text; `malformed`: it is signed, or should be, and is no order;
 * `not-yet`: it was issued in the future; `not-allowed`: the policy here does not let that person do it.
 */
export type OrderFault = 'forged' | 'expired' | 'malformed' | 'other-run' | 'other-cluster' | 'not-yet' | 'not-allowed';

/** An order that must not be carried out. */
export class Refused extends Error {
  override name = 'Refused';
  readonly reason: OrderFault;
  constructor(reason: OrderFault, message: string) {
    super(message);
    this.reason = reason;
  }
}
