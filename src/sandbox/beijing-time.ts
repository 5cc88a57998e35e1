/** WeChat counts days and months in Beijing, which has no summer time. */
const BEIJING_OFFSET = 8 * 3_600_000;

/** `2026-03-02` */
export const beijingDay = (at: Date): string =>
  new Date(at.getTime() + BEIJING_OFFSET).toISOString().slice(0, 10);

/** `2026-03` */
export const beijingMonth = (at: Date): string => beijingDay(at).slice(0, 7);
