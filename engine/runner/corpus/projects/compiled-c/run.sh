cc -O1 -o train train.c && exec ./train "$@"
