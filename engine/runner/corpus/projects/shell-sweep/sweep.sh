#!/bin/sh
# A sweep as people write it: one loop, awk for the arithmetic.
set -e
mkdir -p results
for alpha in 1 2 3; do
  rmse=$(awk -v a="$alpha" 'BEGIN { printf "%.3f", 2.5 / a }')
  echo "alpha=$alpha rmse=$rmse" | tee -a results/log.txt
done
echo "best rmse: $rmse" >&2
