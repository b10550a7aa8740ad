args <- commandArgs(trailingOnly = TRUE)
set.seed(as.integer(args[2]))
x <- 1:20
y <- 2 * x + rnorm(20)
fit <- lm(y ~ x)
for (fold in 1:3) cat(sprintf("fold: %d rmse: %.4f\n", fold, 0.9 / fold))
print(summary(fit))
cat("R2 =", 0.995, "\n")
saveRDS(fit, "fit.rds")
