import { dayInBeijing } from '../campaigns/days.ts';

/** `2026-03`: WeChat counts months in Beijing too. */
export const beijingMonth = (at: Date): string => dayInBeijing(at).slice(0, 7);
