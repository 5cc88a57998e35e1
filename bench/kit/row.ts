import type { Gateway, GatewayToStart } from './gateway.ts';

/** What was measured of one contestant, once a round. */
export interface Series {
  name: string;
  unit: string;
  values: number[];
}

/** `of` divided by `to`, round by round: both are names of series of one unit. */
export interface Comparison {
  of: string;
  to: string;
  /** What the ratio has to reach, or must not pass; neither: it is only told. */
  atLeast?: number;
  atMost?: number;
  against: 'floor' | 'peer' | 'limit';
}

export interface Measured {
  /** Sizes, in a sentence. */
  setup: string;
  series: Series[];
  comparisons: Comparison[];
}

export interface Bench {
  rounds: number;
  /** A size: the first with `--quick`, the last with `--full`. */
  size(quick: number, usual: number, full?: number): number;
  /** A folder that is gone after the run. */
  folder: string;
  /** Starts the gateway; with `--profile`, what it does is told when it is disposed of. */
  startGateway(options: GatewayToStart): Promise<Gateway>;
}

/** A file of `rows/`. */
export interface Row {
  /** What the work is, as the tables say it. */
  title: string;
  run(bench: Bench): Promise<Measured>;
}
