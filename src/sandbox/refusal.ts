/** An answer with an `errcode` other than 0. `fields` stand in the answer beside it, as `msg_id` does in 45065. */
export class Refusal extends Error {
  override name = 'Refusal' as const;
  readonly errcode: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(errcode: number, fields: Readonly<Record<string, unknown>> = {}) {
    super(`errcode ${errcode}`);
    this.errcode = errcode;
    this.fields = fields;
  }
}

/** Refuses with `errcode` where the rule is broken. */
export function refuseIf(broken: boolean, errcode: number): void {
  if (broken) throw new Refusal(errcode);
}
