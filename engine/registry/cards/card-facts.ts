import type {
  BaseModel,
  CardAnswers,
  EnergyEstimate,
  GateReport,
  HistoryEntry,
  ModelContent,
  Run,
  RunData,
  RunEnvironment,
  Snapshot,
} from '../../../contract/index.ts';
import type { ModelVersion } from '../model-versions.ts';

/** Everything that a card is made of. What is null was not recorded. */
export interface CardFacts {
  readonly version: ModelVersion;
  readonly description: string;
  readonly content: ModelContent;
  readonly answers: CardAnswers;
  readonly run: Run | null;
  readonly data: readonly RunData[];
  /** Data sets that the program logged through MLflow. */
  readonly loggedData: readonly { readonly name: string; readonly digest: string }[];
  readonly environment: RunEnvironment | null;
  readonly snapshot: Snapshot | null;
  readonly energy: EnergyEstimate | null;
  readonly baseModel: BaseModel | null;
  /** The latest that was held against held-out rows. */
  readonly judged: GateReport | null;
  /** Of this version, the oldest first. */
  readonly history: readonly HistoryEntry[];
}
