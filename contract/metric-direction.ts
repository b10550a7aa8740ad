export type MetricDirection = 'lower' | 'higher';

const lower =
  /(^|[^a-z])(loss|losses|error|errors|err|rmse|mse|mae|mape|smape|msle|perplexity|ppl|nll|logloss|brier|ece|wer|cer|fid|kl|divergence|cost|regret|latency|time|duration|seconds|bytes)([^a-z]|$)/;
const higher =
  /(^|[^a-z])(acc|accuracy|auc|auroc|auprc|roc|f1|fbeta|precision|recall|specificity|sensitivity|r2|score|map|iou|dice|bleu|rouge|meteor|reward|return|gain|likelihood|ndcg|mrr|hit|kappa|mcc|psnr|ssim|throughput)([^a-z]|$)/;

/**
 * Which way a metric gets better, told from the words in its name (`val/rmse`, `accuracy_top5`); null where the name says nothing.
 * The word that stands last decides: `f1_loss` is a loss.
 */
export function metricDirection(name: string): MetricDirection | null {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .toReversed();
  for (const word of words) {
    if (lower.test(word)) return 'lower';
    if (higher.test(word)) return 'higher';
  }
  return null;
}
