/** `realspeed` by level, in ten thousands a minute. */
const REAL_SPEEDS = [80, 60, 45, 30, 10];
const UNIT = 10_000;

export const isLevel = (value: unknown): value is number =>
  typeof value === 'number' && REAL_SPEEDS[value] !== undefined;

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
