/** Why a job was not sent, in words an operator can act on. */
export interface SendFailure {
  /** The code WeChat gave: its errcode, or N of an audit's `err(N)`. Null where there was none. */
  code: number | null;
  reason: string;
  /** WeChat's own wording, where there was any. */
  rawStatus: string | null;
  /** Whether the same send can succeed later, unchanged. */
  retryable: boolean;
}

/** One that WeChat gave no code for: the same send can succeed later. */
export const withoutCode = (reason: string, rawStatus: string | null = null): SendFailure => ({
  code: null,
  reason,
  rawStatus,
  retryable: true,
});
