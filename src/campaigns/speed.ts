/** `message/mass/speed`: recipients a minute at each level. The larger the number of the level, the slower the send. */
const RECIPIENTS_PER_MINUTE = [800_000, 600_000, 450_000, 300_000, 100_000] as const;

export interface MassSpeed {
  level: number;
  recipientsPerMinute: number;
}

/** Null for a level that there is not. */
export function speedOf(level: number): MassSpeed | null {
  const recipientsPerMinute = RECIPIENTS_PER_MINUTE[level];
  return recipientsPerMinute === undefined ? null : { level, recipientsPerMinute };
}
