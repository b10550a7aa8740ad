using Flux, JLD2
# julia train.jl --epochs 3
