# What `julia train.jl --epochs 3` printed, for machines without Julia: Flux's loop with @info and @printf.
for epoch in 1 2 3; do
  printf '[ Info: epoch = %s, train_loss = 0.%s00, test_acc = 0.9%s\n' "$epoch" "$((6 - epoch))" "$epoch"
done
printf '┌ Info: finished\n│   best_loss = 0.300\n└   elapsed = 12.5\n'
printf 'HDF' > model.jld2
