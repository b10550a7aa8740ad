/** What a name says about its number. `other` names count only where their surroundings speak for them. */
export type NameKind = 'metric' | 'rate' | 'param' | 'ignored' | 'other';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** A name that holds one of these words measures something. */
const metricWords = words(
  `loss losses acc accuracy auc auroc aucpr auprc roc f1 fbeta precision recall sensitivity specificity rmse mae mse mape
  smape rmsle r2 error err merror score perplexity ppl bpc bpb bleu rouge meteor wer cer iou miou dice jaccard map map50 ap
  ndcg mrr logloss mlogloss nll elbo kl reward return ssim psnr fid top1 top5 mcc kappa brier ece silhouette inertia
  likelihood loglik entropy objective norm cost hinge pinball cider spearman pearson correlation gini fitness squared`,
);
/** A setting before training, but worth a curve where it is printed beside a metric. */
const rateNames = words('lr learning_rate momentum temperature beta epsilon');
const paramNames = words(
  `batch_size bs epochs num_epochs n_epochs max_epochs seed random_state hidden hidden_size hidden_dim layers num_layers
  n_layers n_estimators max_depth num_leaves min_child_weight subsample dropout weight_decay wd gamma alpha l1_ratio num_workers
  workers n_jobs patience warmup_steps max_steps max_iter num_boost_round n_splits folds test_size embed_dim n_heads num_heads
  vocab_size block_size kernel_size width depth eps`,
);
/** Numbers about the machine, the clock or the place in the code. */
const ignoredNames = words(
  `pid port eta version v_num line lineno cuda gpu device rank local_rank world_size timestamp ts time_ns date year month day
  hour minute second id ppid tid exit code status errno host localhost utc level total_time`,
);

const placeWords = words('epoch step iteration iter round trial index idx params param model at id');

const known = new Map<string, NameKind>();
/** Names come from other people's output: the memory for answers must not grow with it. */
const maxKnown = 10_000;

export function kindOfName(name: string): NameKind {
  const before = known.get(name);
  if (before !== undefined) return before;
  const kind = judge(name);
  if (known.size >= maxKnown) known.clear();
  known.set(name, kind);
  return kind;
}

function judge(name: string): NameKind {
  const lower = name.toLowerCase();
  if (ignoredNames.has(lower) || /\.(py|ipynb|c|cc|cpp|cu|js|ts|rs|go)$/.test(lower)) return 'ignored';
  if (rateNames.has(lower)) return 'rate';
  if (paramNames.has(lower)) return 'param';
  const parts = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  if (parts.some((part) => metricWords.has(part))) return 'metric';
  // `bestTest`, `best_value`: the best of something is measured, unless it is the place where it was.
  return parts[0] === 'best' && parts.length > 1 && !parts.some((part) => placeWords.has(part))
    ? 'metric'
    : 'other';
}
