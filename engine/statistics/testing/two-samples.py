"""What SciPy says of the pairs of samples on stdin: one JSON list in, one out."""

import json
import sys

import numpy as np
from scipy import stats
from scipy.spatial import distance

np.seterr(all="ignore")


def of_numbers(case):
    a, b = (np.array([float(x) for x in side]) for side in case["numbers"])
    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    ks = stats.ks_2samp(a, b)
    answer = {"ks": [ks.statistic, ks.pvalue], "wasserstein": stats.wasserstein_distance(a, b)}
    if len(a) + len(b) > 3 and len(np.unique(np.concatenate([a, b]))) > 1:
        answer["andersonDarling"] = stats.anderson_ksamp([a, b]).statistic
    if min(len(a), len(b)) > 1:
        found = stats.cramervonmises_2samp(a, b)
        answer["cramerVonMises"] = [found.statistic, found.pvalue]
    return answer


def of_counts(case):
    r, c = (np.array(side, dtype=float) for side in case["counts"])
    p, q = r / r.sum(), c / c.sum()
    table = np.array([r, c])[:, (r + c) > 0]
    chi = stats.chi2_contingency(table)
    psi_p, psi_q = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
    n, m = r.sum(), c.sum()
    pooled = (r[0] + c[0]) / (n + m)
    z = (q[0] - p[0]) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)) if 0 < pooled < 1 else 0.0
    return {
        "chiSquare": [chi.statistic, chi.pvalue],
        "z": [z, min(1.0, 2 * stats.norm.sf(abs(z)))],
        "jensenShannon": distance.jensenshannon(r, c, base=2),
        "kullbackLeibler": stats.entropy(c, r),
        "hellinger": np.sqrt(np.sum((np.sqrt(q) - np.sqrt(p)) ** 2) / 2),
        "populationStability": np.sum((psi_q - psi_p) * np.log(psi_q / psi_p)),
        "moved": np.sum(np.abs(q - p)) / 2,
    }


def plain(value):
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return repr(float(value))


answers = [of_numbers(case) if "numbers" in case else of_counts(case) for case in json.load(sys.stdin)]
json.dump([plain(answer) for answer in answers], sys.stdout)
